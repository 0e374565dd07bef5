import * as handlers from './handlers.ts'

type Methods = Readonly<Record<string, handlers.Handler>>

export interface Route {
  readonly methods: Methods
  /** The names in the path: of the proxy and of the toxic. Empty if there is none. */
  readonly names: [proxy: string, toxic: string]
}

/** The API's paths. A `*` matches one name. */
const ROUTES: readonly (readonly [path: string, methods: Methods])[] = [
  ['/version', { GET: handlers.showVersion }],
  ['/reset', { POST: handlers.reset }],
  ['/populate', { POST: handlers.populate }],
  ['/proxies', { GET: handlers.listProxies, POST: handlers.createProxy }],
  [
    '/proxies/*',
    {
      GET: handlers.showProxy,
      POST: handlers.updateProxy,
      PATCH: handlers.updateProxy,
      DELETE: handlers.deleteProxy,
    },
  ],
  ['/proxies/*/toxics', { GET: handlers.listToxics, POST: handlers.createToxic }],
  [
    '/proxies/*/toxics/*',
    {
      GET: handlers.showToxic,
      POST: handlers.updateToxic,
      PATCH: handlers.updateToxic,
      DELETE: handlers.deleteToxic,
    },
  ],
]

/** Returns the route of a path, or undefined if there is none. */
export function route(path: string): Route | undefined {
  const parts = path.split('/')
  for (const [pattern, methods] of ROUTES) {
    if (matches(pattern.split('/'), parts))
      return { methods, names: [parts[2] ?? '', parts[4] ?? ''] }
  }
  return undefined
}

function matches(pattern: readonly string[], parts: readonly string[]): boolean {
  if (pattern.length !== parts.length) return false
  return pattern.every((part, i) => (part === '*' ? parts[i] !== '' : part === parts[i]))
}
