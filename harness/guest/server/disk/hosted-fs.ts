import * as machine from 'node:fs'
import type { Later } from '../builtins/later.ts'
import { bytesOf } from './arguments.ts'
import { FileHandle } from './file-handle.ts'
import type { SyncFs } from './sync-fs.ts'

type Work = (...args: unknown[]) => unknown
type Callback = (error: unknown, ...results: unknown[]) => void

/** Names of functions that watch the machine's files. */
const WATCHERS = ['watch', 'watchFile', 'unwatchFile']

/** Returns node:fs on a disk: the functions that act at once, with callbacks, and with promises. */
export function hostedFs(sync: SyncFs, later: Later) {
  const works = Object.entries(sync) as unknown as [string, Work][]
  const atOnce = Object.fromEntries(works.map(([name, work]) => [`${name}Sync`, work]))
  const withCallback = Object.fromEntries(
    works.map(([name, work]) => [name, callbackForm(name, work, later)]),
  )
  const refuse = () => {
    throw new Error('files cannot be watched here: the server runs in a simulation')
  }
  const refused = Object.fromEntries(WATCHERS.map((name) => [name, refuse]))
  const promises = hostedPromises(sync, later)
  const fs = {
    constants: machine.constants,
    Stats: machine.Stats,
    Dirent: machine.Dirent,
    F_OK: machine.constants.F_OK,
    R_OK: machine.constants.R_OK,
    W_OK: machine.constants.W_OK,
    X_OK: machine.constants.X_OK,
    ...atOnce,
    ...withCallback,
    ...refused,
    promises: { ...promises, ...refused, constants: machine.constants },
    // Nothing else has changed the path meanwhile.
    realpathSync: Object.assign(sync.realpath, { native: sync.realpath }),
    realpath: Object.assign(withCallback.realpath as Work, { native: withCallback.realpath }),
    exists: (path: unknown, done: (exists: boolean) => void) => {
      const exists = sync.exists(path)
      later(() => done(exists))
    },
  }
  const streams = hostedStreams(fs)
  return { ...fs, ...streams }
}

function callbackForm(name: string, work: Work, later: Later): Work {
  return (...args) => {
    const done = args.pop()
    if (typeof done !== 'function')
      throw Object.assign(new TypeError('The "callback" argument must be of type function.'), {
        code: 'ERR_INVALID_ARG_TYPE',
      })
    const outcome = attempt(name, work, args)
    later(() => (done as Callback)(...outcome))
  }
}

/** Returns what a callback gets: read and write pass the buffer as well. */
function attempt(name: string, work: Work, args: unknown[]): [error: unknown, ...unknown[]] {
  try {
    // read(fd, { buffer, … }, done)
    const given = args[1] as { readonly buffer?: unknown } | undefined
    const isNamed = name === 'read' && !ArrayBuffer.isView(given) && given?.buffer !== undefined
    const all = isNamed ? [args[0], given.buffer, given] : args
    const result = work(...all)
    return /^(?:read|write)v?$/.test(name) ? [null, result, all[1]] : [null, result]
  } catch (error) {
    return [error]
  }
}

/** Returns node:fs/promises. */
function hostedPromises(sync: SyncFs, later: Later) {
  const settle = (work: () => unknown) =>
    new Promise<unknown>((resolve, reject) => {
      let settled: () => void
      try {
        const result = work()
        settled = () => resolve(result)
      } catch (error) {
        settled = () => reject(error)
      }
      later(settled)
    })
  const forms = Object.fromEntries(
    Object.entries(sync).map(([name, work]) => [
      name,
      (...args: unknown[]) => settle(() => (work as Work)(...args)),
    ]),
  )
  const write =
    (name: 'writeFile' | 'appendFile') =>
    async (file: unknown, data: unknown, options?: unknown) => {
      const whole = isIterable(data) ? await collected(data) : data
      return settle(() => sync[name](file, whole, options))
    }
  return {
    ...forms,
    writeFile: write('writeFile'),
    appendFile: write('appendFile'),
    open: async (path: unknown, flag?: unknown, mode?: unknown) =>
      new FileHandle((await settle(() => sync.open(path, flag, mode))) as number, {
        call: (name, args) => settle(() => (sync[name] as Work)(...args)),
      }),
  }
}

const isIterable = (data: unknown): data is AsyncIterable<unknown> =>
  typeof data === 'object' &&
  data !== null &&
  !ArrayBuffer.isView(data) &&
  (Symbol.asyncIterator in data || Symbol.iterator in data)

async function collected(data: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of data) parts.push(bytesOf(part))
  return Buffer.concat(parts)
}

type Stream = new (path: unknown, options: object) => object

/** Node's own streams, which call the functions of `fs`. */
function hostedStreams(fs: object) {
  const optionsOf = (options: unknown) => ({
    ...(typeof options === 'string' ? { encoding: options } : (options as object | undefined)),
    fs,
  })
  const stream = (Real: Stream) => {
    class Hosted extends Real {
      constructor(path: unknown, options?: unknown) {
        super(path, optionsOf(options))
      }
    }
    const create = (path: unknown, options?: unknown) => new Hosted(path, options)
    // Node's may be created without `new`.
    return {
      Hosted: new Proxy(Hosted, { apply: (_target, _self, args) => create(args[0], args[1]) }),
      create,
    }
  }
  const reading = stream(machine.ReadStream as unknown as Stream)
  const writing = stream(machine.WriteStream as unknown as Stream)
  return {
    ReadStream: reading.Hosted,
    FileReadStream: reading.Hosted,
    WriteStream: writing.Hosted,
    FileWriteStream: writing.Hosted,
    createReadStream: reading.create,
    createWriteStream: writing.create,
  }
}
