import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { BuildOptions, OnLoadArgs, OnResolveArgs, Plugin } from 'esbuild'
import { isBoundToPlace } from './bound-to-place.ts'

/** The folder harness/: our own code does not notice that it is bundled. */
const OWN = fileURLToPath(new URL('../../../', import.meta.url))
const CODE = /\.[cm]?[jt]sx?$/
const TYPESCRIPT = /\.[cm]?tsx?$/

/** The constants that replace `import.meta.…` in a bundle. */
const PLACE = {
  'import.meta.url': 'tunnelproofModuleUrl',
  'import.meta.dirname': 'tunnelproofModuleFolder',
  'import.meta.filename': 'tunnelproofModuleFile',
}

/**
 * Compiles modules (file URLs) into `folder` and returns the URL of each. What they share becomes a
 * module of its own, so that they still share it: `instanceof` works. Packages are not bundled:
 * they are imported from where they lie. Returns undefined if the code has to be loaded as it is.
 */
export async function bundle(
  modules: readonly string[],
  folder: string,
): Promise<string[] | undefined> {
  const { build } = await import('esbuild')
  const entries = modules.map((url, i) => ({ in: fileURLToPath(url), out: `module-${i}` }))
  try {
    const { metafile } = await build({
      ...OPTIONS,
      ...settings(),
      entryPoints: entries,
      outdir: folder,
    })
    // In a bundle, CommonJS would become strict code.
    const isCommonJs = Object.values(metafile.inputs).some(({ format }) => format === 'cjs')
    return isCommonJs
      ? undefined
      : entries.map(({ out }) => pathToFileURL(join(folder, `${out}.mjs`)).href)
  } catch {
    return undefined
  }
}

const resolveImports: Plugin = {
  name: 'packages-stay-where-they-are',
  setup(build) {
    const done = Symbol('resolved')
    build.onResolve({ filter: /.*/ }, async (args) => {
      if (args.kind === 'entry-point' || args.pluginData === done) return undefined
      const { path, importer, resolveDir, kind, namespace } = args
      const found = await build.resolve(path, {
        importer,
        resolveDir,
        kind,
        namespace,
        with: args.with,
        pluginData: done,
      })
      if (found.errors.length > 0 || found.external || !staysOutside(args, found.path)) return found
      return { path: pathToFileURL(found.path).href, external: true }
    })
    build.onLoad({ filter: CODE, namespace: 'file' }, loadFile)
  },
}

/** Returns true for a file of a package, unless it is TypeScript, which Node cannot load. */
function staysOutside({ path: specifier }: OnResolveArgs, file: string): boolean {
  if (TYPESCRIPT.test(file) || !CODE.test(file)) return false
  return file.includes(`${sep}node_modules${sep}`) || !/^[./]/.test(specifier)
}

async function loadFile({ path }: OnLoadArgs) {
  const code = await readFile(path, 'utf8')
  if (!path.startsWith(OWN) && isBoundToPlace(code))
    return { errors: [{ text: `${path} is bound to its place` }] }
  const loader = path.replace(/.*\.[cm]?/, '') as 'js' | 'jsx' | 'ts' | 'tsx'
  return { contents: code.includes('import.meta') ? placed(path, code) : code, loader }
}

/** Adds the constants of {@link PLACE}, on the first line: the others keep their numbers. */
function placed(path: string, code: string): string {
  const values = [pathToFileURL(path).href, dirname(path), path]
  const constants = Object.values(PLACE).map((name, i) => `${name} = ${JSON.stringify(values[i])}`)
  return `const ${constants.join(', ')}; ${code}`
}

const OPTIONS = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: `node${process.versions.node}`,
  // As Node resolves packages, not as bundlers do.
  conditions: [],
  mainFields: ['main'],
  ignoreAnnotations: true,
  keepNames: true,
  outExtension: { '.js': '.mjs' },
  // Stacks name the files and lines of the sources.
  sourcemap: 'inline',
  sourcesContent: false,
  metafile: true,
  logLevel: 'silent',
  define: PLACE,
  plugins: [resolveImports],
} satisfies BuildOptions

/** Returns the TypeScript settings that tsx uses: those of the working directory. */
function settings(): Pick<BuildOptions, 'tsconfig' | 'tsconfigRaw'> {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const tsconfig = join(folder, 'tsconfig.json')
    if (existsSync(tsconfig)) return { tsconfig }
    if (folder === dirname(folder)) return { tsconfigRaw: '{}' }
  }
}
