type Owner = Record<string, unknown>

const STATICS = ['resolve', 'reject', 'all', 'race', 'allSettled', 'any'] as const

/** Kept beside the promise: a later guest's module may be loaded while the statics are replaced. */
const KEY = Symbol.for('tunnelproof.platformPromise')

interface Originals {
  readonly statics: Owner
  readonly then: unknown
}

const promise = Promise as unknown as Owner & { [KEY]?: Originals }
const prototype = Promise.prototype as unknown as Owner

if (!Object.hasOwn(promise, KEY))
  Object.defineProperty(promise, KEY, {
    value: {
      statics: Object.fromEntries(STATICS.map((name) => [name, promise[name]])),
      // biome-ignore lint/suspicious/noThenProperty: the original method is what is kept
      then: prototype.then,
    } satisfies Originals,
  })

/**
 * Puts back what a library has replaced in the platform's Promise. Dexie does it while one of its
 * transactions runs; if the app dies then, or another device's code comes in between, the
 * replacements must not reach that code.
 */
export function restorePlatformPromise(): void {
  const originals = promise[KEY]
  if (!originals) return
  for (const name of STATICS)
    if (promise[name] !== originals.statics[name]) promise[name] = originals.statics[name]
  // biome-ignore lint/suspicious/noThenProperty: the original method is put back
  if (prototype.then !== originals.then) prototype.then = originals.then
}
