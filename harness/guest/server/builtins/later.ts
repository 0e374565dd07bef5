/** Runs a task soon, in scenario time, as the event loop runs the callbacks of finished work. */
export type Later = (task: () => void) => void

/** Calls a callback soon. */
export function laterCall(done: unknown, later: Later, results: readonly unknown[]): void {
  later(() => (done as (...results: unknown[]) => void)(...results))
}

type Work = (...args: unknown[]) => unknown

/**
 * Returns a function with a callback from its twin that works at once. Node would do the work in a
 * thread, whose end no seed decides.
 */
export function hostedTwin(atOnce: Work, later: Later): Work {
  return (...args) => {
    const done = args.pop()
    if (typeof done !== 'function')
      throw new TypeError('The "callback" argument must be a function')
    const outcome = attempt(() => atOnce(...args))
    later(() => done(...outcome))
    return undefined
  }
}

function attempt(work: () => unknown): unknown[] {
  try {
    const result = work()
    // generateKeyPair calls back with the two keys.
    const pair = result as { publicKey?: unknown; privateKey?: unknown } | undefined
    return pair?.publicKey !== undefined && pair.privateKey !== undefined
      ? [null, pair.publicKey, pair.privateKey]
      : [null, result]
  } catch (error) {
    return [error]
  }
}
