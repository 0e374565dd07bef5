/**
 * Detects code under test that uses the machine's own clock, chance or network. The sim cannot
 * follow there: its virtual time jumps past a real timer, and a seed does not decide real chance.
 *
 * @module
 */
import { isCompiled } from '../../core/compiled-module.ts'
import { type Frame, framesIn, isLoader, moduleFolder, OWN_FOLDERS } from '../../core/frame.ts'

/** A use of a global by the code under test. */
export interface Bypass {
  /** 'setTimeout' */
  readonly global: string
  /** The place of the call. */
  readonly frame: Frame
  /** The port to use instead. */
  readonly port: string
}

type Anything = Record<string, unknown>
type Callable = (...args: unknown[]) => unknown

const AFTER = 'clock.after'
const TIME = 'clock.wall or clock.now'
const CHANCE = 'random'
const NETWORK = 'http'
const HASHING = 'a library that computes at once'
const ROOT = globalThis as unknown as Anything

type Watched = readonly (readonly [path: string, port: string])[]

/** Functions, by the path from the global object. */
const FUNCTIONS: Watched = [
  ['setTimeout', AFTER],
  ['setInterval', AFTER],
  ['setImmediate', AFTER],
  ['requestAnimationFrame', AFTER],
  ['AbortSignal.timeout', 'clock.after or the deadline of a request'],
  ['Date.now', TIME],
  ['performance.now', TIME],
  ['process.hrtime', TIME],
  ['process.hrtime.bigint', TIME],
  ['Math.random', CHANCE],
  ['crypto.randomUUID', CHANCE],
  ['crypto.getRandomValues', CHANCE],
  ...['digest', 'encrypt', 'decrypt', 'sign', 'verify', 'deriveBits', 'importKey'].map(
    (name) => [['crypto', 'subtle', name].join('.'), HASHING] as const,
  ),
  ['fetch', NETWORK],
]

/** Constructors; Date only if it is called without arguments. */
const CONSTRUCTORS: Watched = [
  ['Date', TIME],
  ['MessageChannel', AFTER],
  ['WebSocket', NETWORK],
  ['XMLHttpRequest', NETWORK],
  ['EventSource', NETWORK],
]

/** Functions of Node's own modules, which code imports instead of using the globals. */
const NODE_FUNCTIONS: Readonly<Record<string, Watched>> = {
  'node:timers': each(AFTER, 'setTimeout', 'setInterval', 'setImmediate'),
  'node:timers/promises': each(AFTER, 'setTimeout', 'setInterval', 'setImmediate'),
  'node:crypto': each(CHANCE, 'randomUUID', 'randomBytes', 'randomInt', 'getRandomValues'),
  'node:http': each(NETWORK, 'request', 'get'),
  'node:https': each(NETWORK, 'request', 'get'),
}

function each(port: string, ...names: readonly string[]): Watched {
  return names.map((name) => [name, port])
}

/**
 * Replaces the globals by functions that call `onBypass`, once for each place in the code under
 * test, and then do the same as before. Returns the function that puts everything back. Only for a
 * thread in which nothing else runs.
 *
 * @param modules file URLs of the client and the server
 */
export function watchGlobals(
  onBypass: (bypass: Bypass) => void,
  modules: readonly (string | undefined)[],
): () => void {
  const folders = modules.flatMap((module) => (module === undefined ? [] : [moduleFolder(module)]))
  const known = new Set<string>()
  const restorers: (() => void)[] = []
  const report = (global: string, port: string) => {
    const frame = callerUnderTest(folders)
    if (!frame) return
    // Node's fetch reads the clock itself: at a place, the first global is the one that is used.
    const site = `${frame.path}:${frame.position}`
    if (known.has(site)) return
    known.add(site)
    onBypass({ global, frame, port })
  }
  const replace = (owner: Anything, name: string, value: unknown) => {
    const original = Object.getOwnPropertyDescriptor(owner, name)
    if (original?.configurable === false) return
    Object.defineProperty(owner, name, { configurable: true, writable: true, value })
    restorers.unshift(() => {
      if (original) Object.defineProperty(owner, name, original)
      else delete owner[name]
    })
  }
  const watchFunction = (root: Anything, path: string, port: string, global = path) => {
    const { owner, name } = find(root, path)
    const original = owner?.[name]
    if (!owner || typeof original !== 'function') return
    const watched = new Proxy(original as Callable, {
      apply: (target, self, args) => {
        report(global, port)
        return Reflect.apply(target, self, args)
      },
    })
    replace(owner, name, watched)
  }
  const watchConstructor = (name: string, port: string) => {
    const original = ROOT[name]
    if (typeof original !== 'function') return
    const watched = new Proxy(original as Callable, {
      construct: (target, args, newTarget) => {
        if (name !== 'Date' || args.length === 0) report(name, port)
        return Reflect.construct(target, args, newTarget)
      },
      apply: (target, self, args) => {
        report(name, port)
        return Reflect.apply(target, self, args)
      },
    })
    replace(ROOT, name, watched)
    replace(original.prototype as Anything, 'constructor', watched)
  }

  for (const [path, port] of FUNCTIONS) watchFunction(ROOT, path, port)
  for (const [name, port] of CONSTRUCTORS) watchConstructor(name, port)
  const node = nodeModules()
  for (const [module, functions] of Object.entries(NODE_FUNCTIONS)) {
    const exported = node?.load(module)
    if (!exported) continue
    for (const [name, port] of functions)
      watchFunction(exported, name, port, `${name} of ${module}`)
  }
  node?.sync()
  return () => {
    for (const restore of restorers) restore()
    node?.sync()
  }
}

/** Node's own modules, reached without an import: the sim runs in a page, too. */
function nodeModules() {
  const load = (
    globalThis as {
      process?: { getBuiltinModule?: (name: string) => Anything | undefined }
    }
  ).process?.getBuiltinModule
  if (!load) return undefined
  // Makes named imports see the replaced functions.
  const sync = load('node:module')?.syncBuiltinESMExports as (() => void) | undefined
  return { load, sync: () => sync?.() }
}

function find(root: Anything, path: string): { owner: Anything | undefined; name: string } {
  const names = path.split('.')
  const name = names.pop() as string
  let owner: Anything | undefined = root
  for (const part of names) owner = owner?.[part] as Anything | undefined
  return { owner, name }
}

/** Enough to see who called a library. */
const FRAMES_MAX = 50
const OWN = new RegExp(`^${OWN_FOLDERS}`)

/**
 * Returns the place of the call, if it is in code under test: a file that is not the harness's, or
 * a library that such a file has called. A library that nobody is seen to have called runs in a
 * callback of its own; the harness uses none that does so.
 */
function callerUnderTest(folders: readonly string[]): Frame | undefined {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = FRAMES_MAX
  const { stack = '' } = new Error()
  Error.stackTraceLimit = limit
  const [here, ...rest] = framesIn(stack)
  if (!here) return undefined
  const harness = here.path.slice(0, here.path.lastIndexOf('/worlds/sim/') + 1)
  const isOwn = ({ path }: Frame) =>
    isCompiled(path) ||
    (path.startsWith(harness) &&
      OWN.test(path.slice(harness.length)) &&
      !path.includes('/testing/'))
  const isLibrary = ({ path }: Frame) =>
    path.includes('/node_modules/') && !folders.some((folder) => path.startsWith(folder))
  const frames = rest.filter(({ path }) => path !== here.path)
  const [caller] = frames
  if (!caller || isOwn(caller) || isLoader(caller)) return undefined
  const user = frames.find((frame) => isOwn(frame) || !isLibrary(frame))
  return user && isOwn(user) ? undefined : caller
}
