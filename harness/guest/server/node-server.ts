import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Problem } from '../../core/problem.ts'
import type { RunningProgram, Server, ServerDefinition, ServerPorts } from '../../core/server.ts'
import { spanText } from '../../core/time.ts'
import { isWrappedDefault } from '../../core/wrapped-default.ts'
import type { GuestServer } from '../guest.ts'
import { type Incarnation, newIncarnation, PORT } from './incarnation.ts'
import { KeptItems } from './kept-items.ts'
import { sendRequest } from './net/http-client.ts'
import { streamPair } from './net/stream-pair.ts'
import { compileListed, listCompiled } from './realm/compiled.ts'

/** A server that does not listen within this span will never do so. In scenario time. */
const LISTENS_WITHIN_MS = 9_000

/** A server of Node code, as plain data. */
export interface NodeServer {
  readonly name: string
  readonly title: string
  /** The path of the server's file: a guestServer, or a module that listens. */
  readonly file: string
  /** The source of what a module holds that only listens. */
  readonly dump?: DumpSource
  /** The folder in which the server runs. */
  readonly cwd: string
  /** Keeps transformed code for other processes. Default: it is not kept. */
  readonly codeFolder?: string
}

/** The path of a module, or a path on the server that answers with a list in JSON. */
export type DumpSource = { readonly module: string } | { readonly request: string }

/** Returns what the server holds. */
type Reader = () => unknown

/**
 * Returns the definition of a server that is ordinary Node code. Each incarnation loads it anew, in
 * a realm of its own.
 */
export function nodeServer(about: NodeServer): ServerDefinition {
  const { name, title, codeFolder } = about
  if (codeFolder !== undefined) compileListed(codeFolder)
  return {
    name,
    title,
    tells: 'holdings',
    source: pathToFileURL(about.file).href,
    create: (ports) => start(about, ports),
  }
}

function start(about: NodeServer, ports: ServerPorts): Server {
  const incarnation = newIncarnation({ ...about, ports })
  const { life, listeners } = incarnation
  const kept = new KeptItems(ports)
  const limit = ports.clock.after(LISTENS_WITHIN_MS, () => life.end(neverListens(about)))
  const listening = new Promise<void>((resolve) => {
    listeners.onListening = () => {
      limit.cancel()
      if (about.codeFolder !== undefined) listCompiled(about.codeFolder)
      resolve()
    }
  })
  const reader = boot(about, incarnation)
  reader.catch((error) => life.end(error))
  return {
    handle: (request) => {
      const [near, far] = streamPair()
      listeners.accept(far)
      return sendRequest(near, request)
    },
    accept: (stream) => listeners.accept(stream),
    dump: async () => {
      await listening
      const read = await reader
      return kept.dump(await read())
    },
    handlesUncaught: (error, origin) => life.handles(error, origin),
  }
}

/** Loads the server's file, which begins to listen. Throws what its code throws at once. */
function boot(about: NodeServer, incarnation: Incarnation): Promise<Reader> {
  const loaded = incarnation.realm.load(about.file)
  if (loaded instanceof Promise)
    return loaded.then((exports) => readerOf(about, incarnation, exports))
  return readerOf(about, incarnation, loaded)
}

function readerOf(
  { file, dump }: NodeServer,
  incarnation: Incarnation,
  exports: unknown,
): Promise<Reader> {
  const exported = defaultOf(exports)
  const { realm, folder } = incarnation
  if (isGuestServer(exported))
    return Promise.resolve(exported.listen({ port: PORT, folder })).then((served) => {
      if (typeof served?.dump === 'function') return () => served.dump()
      throw new Problem('a guestServer expects { dump } as the result of its function')
    })
  if (dump === undefined)
    throw new Problem(`${basename(file)} expects a guestServer as its default export`)
  if ('request' in dump) return Promise.resolve(() => requestItems(dump.request, incarnation))
  return Promise.resolve(realm.load(dump.module)).then((loaded) => {
    const read = defaultOf(loaded)
    const at: RunningProgram = { url: `http://127.0.0.1:${PORT}`, folder }
    if (typeof read === 'function') return () => read(at)
    throw new Problem(
      `${basename(dump.module)} expects as its default export ` +
        'a function ({ url, folder }) => rows',
    )
  })
}

async function requestItems(path: string, { listeners }: Incarnation): Promise<unknown> {
  const [near, far] = streamPair()
  listeners.accept(far)
  const { status, body } = await sendRequest(near, { method: 'GET', path })
  if (status !== 200)
    throw new Problem(`GET ${path} expects status 200 and a list in JSON, got ${status}`)
  return JSON.parse(body)
}

export function defaultOf(namespace: unknown): unknown {
  const { default: value } = (namespace ?? {}) as { readonly default?: unknown }
  return isWrappedDefault(value) ? value.default : value
}

export function isGuestServer(value: unknown): value is GuestServer {
  return (
    typeof value === 'object' && value !== null && (value as { guest?: unknown }).guest === 'server'
  )
}

function neverListens({ file }: NodeServer): Problem {
  return new Problem(
    `${basename(file)} has not called listen() within ${spanText(LISTENS_WITHIN_MS)} of its start`,
  )
}
