import type { Realm } from '../realm/realm.ts'

export type Mode = 'exclusive' | 'shared'
export type Callback = (lock: { readonly name: string; readonly mode: Mode } | null) => unknown

export interface LockOptions {
  readonly mode?: Mode
  readonly ifAvailable?: boolean
  readonly steal?: boolean
  readonly signal?: AbortSignal
}

interface Request {
  readonly name: string
  readonly mode: Mode
  readonly callback: Callback
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Returns `navigator.locks`, for the app is the only page of its origin. */
export function lockManager(realm: Realm) {
  let held: Request[] = []
  let waiting: Request[] = []

  const isFree = ({ name, mode }: Request, before: readonly Request[]) =>
    [...held, ...before].every(
      (other) => other.name !== name || (mode === 'shared' && other.mode === 'shared'),
    )
  const release = (request: Request) => {
    held = held.filter((each) => each !== request)
    grant()
  }
  const hold = (request: Request) => {
    held.push(request)
    const { name, mode, callback, resolve, reject } = request
    realm.ports.clock.after(
      0,
      realm.bind(() => {
        if (!held.includes(request)) return
        new Promise((done) => {
          done(callback({ name, mode }))
        })
          .then(resolve, reject)
          .finally(() => release(request))
      }),
    )
  }
  const grant = () => {
    const still: Request[] = []
    for (const request of waiting) {
      if (isFree(request, still)) hold(request)
      else still.push(request)
    }
    waiting = still
  }
  const steal = (name: string) => {
    const stolen = held.filter((each) => each.name === name)
    held = held.filter((each) => each.name !== name)
    const error = new DOMException('Another request stole the lock.', 'AbortError')
    for (const { reject } of stolen) reject(error)
  }
  const enqueue = (request: Request, { ifAvailable, steal: steals, signal }: LockOptions): void => {
    if (steals) {
      steal(request.name)
      hold(request)
      return
    }
    if (ifAvailable && !isFree(request, waiting)) {
      const { callback, resolve, reject } = request
      const refuse = realm.bind(() => {
        new Promise((done) => {
          done(callback(null))
        }).then(resolve, reject)
      })
      realm.ports.clock.after(0, refuse)
      return
    }
    waiting.push(request)
    signal?.addEventListener('abort', () => {
      if (!waiting.includes(request)) return
      waiting = waiting.filter((each) => each !== request)
      request.reject(signal.reason)
      grant()
    })
    grant()
  }
  return {
    request(name: unknown, options: LockOptions | Callback, callback?: Callback): Promise<unknown> {
      const [given, task] =
        typeof options === 'function' ? [{}, options] : [options, callback as Callback]
      const flaw = flawOf(String(name), given)
      if (flaw) return Promise.reject(flaw)
      if (given.signal?.aborted) return Promise.reject(given.signal.reason)
      return new Promise((resolve, reject) => {
        const mode = given.mode ?? 'exclusive'
        enqueue({ name: String(name), mode, callback: task, resolve, reject }, given)
      })
    },
    query: async () => {
      const shown = ({ name, mode }: Request) => ({ name, mode, clientId: 'page' })
      return { held: held.map(shown), pending: waiting.map(shown) }
    },
  }
}

function flawOf(name: string, { mode, ifAvailable, steal, signal }: LockOptions) {
  const notSupported = (text: string) => new DOMException(text, 'NotSupportedError')
  if (name.startsWith('-')) return notSupported("A lock's name does not begin with '-'.")
  if (steal && ifAvailable) return notSupported('steal and ifAvailable exclude each other.')
  if (steal && mode === 'shared') return notSupported('A shared lock cannot be stolen.')
  if (signal && (steal || ifAvailable))
    return notSupported('A signal goes with neither steal nor ifAvailable.')
  return undefined
}
