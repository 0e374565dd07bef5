import * as calls from './handlers.ts'

type Methods = Readonly<Record<string, calls.Handler>>

/** The API's paths, a `*` standing for one name. */
const ROUTES: readonly (readonly [path: string, methods: Methods])[] = [
  ['/version', { GET: calls.showVersion }],
  ['/reset', { POST: calls.reset }],
  ['/populate', { POST: calls.populate }],
  ['/proxies', { GET: calls.listProxies, POST: calls.createProxy }],
  [
    '/proxies/*',
    {
      GET: calls.showProxy,
      POST: calls.updateProxy,
      PATCH: calls.updateProxy,
      DELETE: calls.deleteProxy,
    },
  ],
  ['/proxies/*/toxics', { GET: calls.listToxics, POST: calls.createToxic }],
  [
    '/proxies/*/toxics/*',
    {
      GET: calls.showToxic,
      POST: calls.updateToxic,
      PATCH: calls.updateToxic,
      DELETE: calls.deleteToxic,
    },
  ],
]

/** What answers at a path, and the names in it; undefined where there is nothing. */
export function route(
  path: string,
): { readonly methods: Methods; readonly names: [string, string] } | undefined {
  const parts = path.split('/')
  for (const [pattern, methods] of ROUTES) {
    const wanted = pattern.split('/')
    if (wanted.length !== parts.length) continue
    if (!wanted.every((part, i) => (part === '*' ? parts[i] !== '' : part === parts[i]))) continue
    return { methods, names: [parts[2] ?? '', parts[4] ?? ''] }
  }
  return undefined
}
