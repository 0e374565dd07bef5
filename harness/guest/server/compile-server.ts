import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { frameOf } from '../../core/frame.ts'
import { MemoryDisk } from '../../core/ports/memory-database.ts'
import { VirtualClock } from '../../core/ports/virtual-clock.ts'
import { messageOf, Problem } from '../../core/problem.ts'
import { seededRandom } from '../../core/random.ts'
import { newIncarnation } from './incarnation.ts'
import { type DumpSource, defaultOf, isGuestServer, type NodeServer } from './node-server.ts'

export interface ServerFiles {
  /** The path of the server's file: a guestServer, or a module that listens. */
  readonly file: string
  /** Needed unless the server is a guestServer. */
  readonly dump?: DumpSource | undefined
}

/**
 * Writes a module into `folder` whose default export is the ServerDefinition of Node code that
 * listens. Resolves to the module's file URL. Rejects with a Problem if the file cannot be hosted.
 */
export async function compileServer({ file, dump }: ServerFiles, folder: string): Promise<string> {
  const codeFolder = join(folder, 'code')
  const name = basename(file).replace(/\.[^.]*$/, '')
  const { name: ownName = name, title = ownName } =
    dump === undefined ? await describe(file, codeFolder) : {}
  const server: NodeServer = {
    name: ownName,
    title,
    file,
    ...(dump !== undefined && { dump }),
    cwd: packageFolder(dirname(file)),
    codeFolder,
  }
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
  const host = fileURLToPath(new URL(`./node-server${ending}`, import.meta.url))
  const path = join(folder, `${name}.mjs`)
  await mkdir(folder, { recursive: true })
  await writeFile(
    path,
    `import { nodeServer } from ${JSON.stringify(host)}\n` +
      // The code names its sources: in findings, and where real time is watched for.
      'globalThis.process.setSourceMapsEnabled(true)\n' +
      `export default nodeServer(${JSON.stringify(server, null, 2)})\n`,
  )
  return pathToFileURL(path).href
}

/** The folder of the nearest package.json: there `npm start` would run the server. */
function packageFolder(folder: string): string {
  for (let each = folder; each !== dirname(each); each = dirname(each))
    if (existsSync(join(each, 'package.json'))) return each
  return resolve(folder)
}

/** Loads a guestServer without a world around it, and returns what it says of itself. */
async function describe(file: string, codeFolder: string) {
  const { realm } = newIncarnation({
    ports: {
      clock: new VirtualClock(),
      random: seededRandom(1),
      database: new MemoryDisk().open(),
      standstill: (work) => work(),
    },
    file,
    cwd: packageFolder(dirname(file)),
    codeFolder,
  })
  let exported: unknown
  try {
    exported = defaultOf(await realm.load(file))
  } catch (cause) {
    const [reason = ''] = messageOf(cause).split('\n')
    const place = frameOf(cause, pathToFileURL(file).href) ?? file
    throw new Problem(cause instanceof SyntaxError ? reason : `${place}: ${reason}`, { cause })
  }
  if (isGuestServer(exported) && typeof exported.listen === 'function') return exported.about
  throw new Problem(
    `${file} imports 'tunnelproof/guest'; its default export is expected to be ` +
      'guestServer({ name }, …)',
  )
}
