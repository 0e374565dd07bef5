/**
 * Type-checks the `@example` blocks of all docstrings under harness/.
 *
 * A block may use without an import: the exports of its own file, vitest's `expect`, and each name
 * that only one file exports (first of the published rooms, then of harness/, then of all). A
 * default export without a name goes by its file's name. A block that is indented by four spaces,
 * or fenced as anything but `ts`, is output.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { groupBy } from '../../core/group.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

interface Source {
  readonly path: string
  readonly text: string
}

interface Example {
  /** 'harness/core/history.ts:14' */
  readonly place: string
  readonly source: Source
  readonly code: string
}

const sourcesIn = (room: string): readonly Source[] =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !/\.(test|contract)\.tsx?$/.test(path))
    .map((path) => join(root, room, path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }))

const harness = sourcesIn('harness')
const examples = harness.flatMap(examplesIn)

it('finds the examples of the contracts that users implement', () => {
  const files = examples.map(({ place }) => place.replace(/:\d+$/, ''))
  expect(files).toEqual(
    expect.arrayContaining(['harness/core/capabilities.ts', 'harness/core/history.ts']),
  )
})

it('type-checks every @example under harness/', { timeout: 120_000 }, () => {
  const byFile = new Map(
    examples.map((example, i) => [
      join(dirname(example.source.path), `example-${i}.virtual.ts`),
      example,
    ]),
  )
  const errors = diagnosticsOf(new Map([...byFile].map(([file, each]) => [file, moduleOf(each)])))
  const texts = errors.map(({ file, messageText }) => {
    const place = byFile.get(file?.fileName ?? '')?.place ?? file?.fileName
    return `${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
  expect(texts).toEqual([])
})

function examplesIn(source: Source): Example[] {
  const docstrings = source.text.matchAll(/\/\*\*[\s\S]*?\*\//g)
  return [...docstrings].flatMap(({ 0: docstring, index }) =>
    [...docstring.matchAll(/@example\b[^\n]*\n([\s\S]*?)(?=\n\s*\*\s*@|\*\/)/g)].flatMap(
      (block) => {
        const code = codeOf(block[1] ?? '')
        if (code === undefined) return []
        const line = source.text.slice(0, index + block.index).split('\n').length
        return [{ place: `${relative(root, source.path)}:${line}`, source, code }]
      },
    ),
  )
}

/** Returns the block without its asterisks and fence; undefined if it is output. */
function codeOf(block: string): string | undefined {
  const text = block.replace(/^ *\* ?/gm, '').trimEnd()
  const fences = [...text.matchAll(/```(\w*)\n([\s\S]*?)```/g)]
  const code = fences.flatMap(([, language, body = '']) => (language === 'ts' ? [body] : []))
  if (fences.length > 0) return code.length > 0 ? code.join('\n') : undefined
  return text.split('\n').every((line) => line.trim() === '' || /^ {4}/.test(line))
    ? undefined
    : text
}

const EXPORT = /^export (?:async )?(?:const|function|class|interface|type) (\w+)/gm

function exportsOf(source: Source): string[] {
  const named = [...source.text.matchAll(EXPORT)].map(([, name = '']) => name)
  const own = defaultNameOf(source)
  return own === undefined ? named : [...named, own]
}

/** Returns the name of a file's default export: its own, or else the file's in camel case. */
function defaultNameOf({ path, text }: Source): string | undefined {
  const [, exported] = /^export default (.*)$/m.exec(text) ?? []
  if (exported === undefined || /^\w+$/.test(exported)) return exported
  return basename(path, '.ts').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** The files in which a name must be unique, in the order in which they are searched. */
const SCOPES: readonly (readonly Source[])[] = [
  ['core', 'faults', 'workload', 'testing'].flatMap((room) => sourcesIn(`harness/${room}`)),
  harness,
  [...harness, ...sourcesIn('server-stub'), ...sourcesIn('clients')],
]
const exporters = SCOPES.map((scope) =>
  groupBy(
    scope.flatMap((source) => exportsOf(source).map((name) => ({ name, source }))),
    ({ name }) => name,
  ),
)

/** Returns the example as a module beside its file, with imports of the names that it uses. */
function moduleOf({ source, code }: Example): string {
  const isModule = /^(import|export) /m.test(code)
  const imported = [...code.matchAll(/^import .*$/gm)].join('\n')
  const used = new Set([...code.matchAll(/(?<![.\w'])[A-Za-z]\w+/g)].map(([name]) => name))
  const imports = [...used].flatMap((name) => {
    const from = exporterOf(name, source)
    if (!from || new RegExp(`\\b${name}\\b`).test(imported)) return []
    if (isModule && new RegExp(`\\b(const|function|class) ${name}\\b`).test(code)) return []
    const binding = defaultNameOf(from) === name ? name : `{ ${name} }`
    return [`import ${binding} from '${pathFrom(source, from)}'`]
  })
  const body = isModule ? code : `export async function example() {\n${code}\n}`
  return [...imports, "import { expect } from 'vitest'", 'void expect', body].join('\n')
}

function exporterOf(name: string, source: Source): Source | undefined {
  if (exportsOf(source).includes(name)) return source
  for (const byName of exporters) {
    const [only, ...others] = byName.get(name) ?? []
    if (only && others.length === 0) return only.source
  }
  return undefined
}

function pathFrom(source: Source, target: Source): string {
  const path = relative(dirname(source.path), target.path)
  return path.startsWith('.') ? path : `./${path}`
}

/** Returns the compiler's errors in these files, which exist in memory only. */
function diagnosticsOf(files: ReadonlyMap<string, string>): readonly ts.Diagnostic[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.json'),
    { noUnusedLocals: false, noUnusedParameters: false, verbatimModuleSyntax: false },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  )
  const options = { ...config?.options, isolatedModules: false }
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (path) => files.has(path) || fileExists(path)
  host.readFile = (path) => files.get(path) ?? readFile(path)
  host.getSourceFile = (path, language) => {
    const text = files.get(path)
    return text === undefined
      ? getSourceFile.call(host, path, language)
      : ts.createSourceFile(path, text, language)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return [...files.keys()].flatMap((path) => {
    const file = program.getSourceFile(path)
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
  })
}
