import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { BuildOptions, BuildResult, OutputFile, Plugin } from 'esbuild'
import type { BundledCode } from '../realm/evaluate.ts'
import { buildProblem } from './build-error.ts'
import { guestSettings } from './settings.ts'

const HERE = import.meta.url
/** The file ending of our modules: '.ts' in the repository, '.js' in the package. */
const ENDING = HERE.endsWith('.ts') ? '.ts' : '.js'
/** Returns the path of a file of harness/guest/. */
export const guestFile = (name: string): string =>
  fileURLToPath(new URL(`../${name}${ENDING}`, HERE))

/** The variable that holds the exports of a bundle. */
const EXPORTS = 'tunnelproofGuest'
/** `new Function` writes the parameters on lines of its own. */
const LINES_BEFORE = ';;'

/** Bundles a guest's file with everything that it imports, as for a page. */
export async function bundleApp(file: string): Promise<BundledCode> {
  const { aliases, defines } = guestSettings(file)
  const options: BuildOptions = {
    entryPoints: [file],
    alias: aliases,
    define: { 'process.env.NODE_ENV': '"production"', ...defines },
    plugins: [ourWords],
  }
  try {
    return codeOf(await bundle(options, 'iife'), file, false)
  } catch (cause) {
    if (!waitsAtTopLevel(cause)) throw buildProblem(cause, file)
  }
  try {
    return codeOf(await bundle(options, 'esm'), file, true)
  } catch (cause) {
    throw buildProblem(cause, file)
  }
}

/** Bundles IndexedDB, which is evaluated in the realm of the app. */
export async function bundleIndexedDb(): Promise<BundledCode> {
  const file = guestFile('store/indexed-db')
  const result = await bundle({ entryPoints: [file], plugins: [partsOfFakeIndexedDb] }, 'iife')
  return codeOf(result, file, false)
}

async function bundle(options: BuildOptions, format: 'iife' | 'esm') {
  const { build } = await import('esbuild')
  return build({
    bundle: true,
    write: false,
    outdir: '/',
    format,
    ...(format === 'iife' && { globalName: EXPORTS }),
    platform: 'browser',
    target: 'es2022',
    // Files that are fetched at run time in a page have no place here.
    loader: { '.wasm': 'binary' },
    // A name that is computed cannot lead to Node's modules.
    supported: { 'dynamic-import': false },
    keepNames: true,
    sourcemap: 'external',
    sourcesContent: false,
    logLevel: 'silent',
    absWorkingDir: '/',
    ...options,
  })
}

const waitsAtTopLevel = (cause: unknown): boolean =>
  ((cause as { errors?: { text: string }[] }).errors ?? []).some(({ text }) =>
    text.startsWith('Top-level await is currently not supported'),
  )

/** Makes the body of a function of a bundle, with the places of the sources. */
function codeOf({ outputFiles = [] }: BuildResult, file: string, isAsync: boolean): BundledCode {
  const text = (ending: string) =>
    (outputFiles as OutputFile[]).find(({ path }) => path.endsWith(ending))?.text ?? ''
  const map = JSON.parse(text('.js.map')) as { sources: string[]; mappings: string }
  const sources = map.sources.map((path) => pathToFileURL(join('/', path)).href)
  const placed = { ...map, sources, mappings: `${LINES_BEFORE}${map.mappings}` }
  const encoded = Buffer.from(JSON.stringify(placed)).toString('base64')
  const code = isAsync ? exportsReturned(text('.js')) : `${text('.js')}\nreturn ${EXPORTS}\n`
  return {
    body:
      `${code}\n//# sourceURL=${pathToFileURL(file).href}.bundle.js\n` +
      `//# sourceMappingURL=data:application/json;base64,${encoded}`,
    isAsync,
  }
}

/** Turns the exports at the end of a module into what a function returns. */
function exportsReturned(code: string): string {
  return code.replace(/^export \{([^}]*)\};?\s*$/m, (_all, names: string) => {
    const members = names
      .split(',')
      .map((each) => each.trim().split(/\s+as\s+/))
      .filter(([name]) => name)
      .map(([name, as = name]) => `${JSON.stringify(as)}: ${name}`)
    return `return { ${members.join(', ')} }`
  })
}

/** Finds the words of guests, also if the package is not installed beside the guest. */
const ourWords: Plugin = {
  name: 'tunnelproof-guest',
  setup({ onResolve }) {
    onResolve({ filter: /^tunnelproof\/guest$/ }, () => ({ path: guestFile('guest') }))
  },
}

/** Finds modules that fake-indexeddb does not export. */
const partsOfFakeIndexedDb: Plugin = {
  name: 'fake-indexeddb-parts',
  setup({ onResolve }) {
    const main = fileURLToPath(import.meta.resolve('fake-indexeddb'))
    onResolve({ filter: /^fake-indexeddb-parts\// }, ({ path }) => ({
      path: join(dirname(main), path.slice('fake-indexeddb-parts/'.length)),
    }))
  },
}
