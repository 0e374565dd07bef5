import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { COMPILED_ENDING } from '../../core/compiled-module.ts'
import { frameOf } from '../../core/frame.ts'
import { messageOf, Problem } from '../../core/problem.ts'
import type { Guest } from '../guest.ts'
import type { CompiledGuest } from '../host/client.ts'
import type { BundledCode } from '../realm/evaluate.ts'
import { bundleApp, bundleIndexedDb, guestFile } from './bundle-app.ts'
import { evaluateInertly } from './inert.ts'

/**
 * Compiles a guest's file into one module in `folder`, whose default export is a ClientDefinition.
 * Resolves to the module's file URL. Rejects with a Problem if the file cannot be hosted.
 */
export async function compileClient(file: string, folder: string): Promise<string> {
  const app = await bundleApp(file)
  const source = pathToFileURL(file).href
  const { about } = await describe(app, file)
  const compiled: CompiledGuest = {
    about,
    source,
    app,
    ...(/\bindexedDB\b|\bIDB[A-Z]/.test(app.body) && { indexedDb: await bundleIndexedDb() }),
  }
  const path = join(folder, `${basename(file).replace(/\.[^.]*$/, '')}${COMPILED_ENDING}`)
  await writeFile(path, await moduleOf(compiled))
  return pathToFileURL(path).href
}

/** Evaluates the app without a world around it, and returns what it says about itself. */
async function describe(app: BundledCode, file: string): Promise<Guest> {
  // An error names its place in the source.
  process.setSourceMapsEnabled(true)
  let exported: { default?: unknown }
  try {
    exported = await evaluateInertly(app)
  } catch (cause) {
    const place = frameOf(cause, pathToFileURL(file).href)
    throw new Problem(`${place ?? file}: ${messageOf(cause)}`)
  }
  const guest = exported.default as Partial<Guest> | null | undefined
  if (guest?.guest === 'client' && typeof guest.app === 'function' && guest.about?.name)
    return guest as Guest
  throw new Problem(
    `${file} imports 'tunnelproof/guest'; its default export is expected to be guest({ name }, …)`,
  )
}

/** Bundles what hosts a guest, with the guest as data. */
async function moduleOf(compiled: CompiledGuest): Promise<string> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    stdin: {
      contents: [
        `import { guestClient } from ${JSON.stringify(guestFile('host/client'))}`,
        // The app's code names its sources: in findings, and where real time is watched for.
        'globalThis.process?.setSourceMapsEnabled?.(true)',
        `export default guestClient(${JSON.stringify(compiled)})`,
      ].join('\n'),
      resolveDir: '/',
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    keepNames: true,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}
