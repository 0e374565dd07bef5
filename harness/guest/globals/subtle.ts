import type { Standstill } from '../../core/ports/standstill.ts'
import type { Random } from '../../core/random.ts'

// Kept from the beginning: the sim may watch these functions while code under test runs.
const native = globalThis.crypto.subtle
const METHODS = [
  'decrypt',
  'deriveBits',
  'deriveKey',
  'digest',
  'encrypt',
  'exportKey',
  'generateKey',
  'importKey',
  'sign',
  'unwrapKey',
  'verify',
  'wrapKey',
] as const
type Method = (typeof METHODS)[number]
type Call = (...args: unknown[]) => Promise<unknown>
const NATIVE = Object.fromEntries(
  METHODS.map((name) => [name, (native[name] as Call).bind(native)]),
) as Readonly<Record<Method, Call>>

/** Algorithms whose results hold chance that cannot be given to the platform. */
const BY_CHANCE: Partial<Readonly<Record<Method, RegExp>>> = {
  encrypt: /^RSA-OAEP$/i,
  wrapKey: /^RSA-OAEP$/i,
  sign: /^(ECDSA|RSA-PSS)$/i,
}
const HASH_BITS: Readonly<Record<string, number>> = {
  'SHA-1': 512,
  'SHA-256': 512,
  'SHA-384': 1024,
  'SHA-512': 1024,
}

interface KeyAlgorithm {
  readonly name: string
  readonly length?: number
  readonly hash?: string | { readonly name: string }
}

/** Returns `crypto.subtle`: the platform computes in another thread, while time stands still. */
export function subtleObject(standstill: Standstill, random: Random) {
  const call = (name: Method, args: readonly unknown[]): Promise<unknown> => {
    const algorithm = nameOf(name === 'wrapKey' ? args[3] : args[0])
    if (BY_CHANCE[name]?.test(algorithm)) return Promise.reject(byChance(name, algorithm))
    // The caller may change its buffers before the work begins.
    const kept = args.map((each) => (isBytes(each) ? copyOf(each) : each))
    return standstill(() => NATIVE[name](...kept))
  }
  const generateKey = (algorithm: unknown, extractable: boolean, usages: unknown) => {
    const bits = keyBits(algorithm)
    if (bits === undefined) return Promise.reject(byChance('generateKey', nameOf(algorithm)))
    const bytes = random.bytes(bits / 8)
    return standstill(() => NATIVE.importKey('raw', bytes, algorithm, extractable, usages))
  }
  const methods = METHODS.map((name) => [name, (...args: unknown[]) => call(name, args)] as const)
  return { ...Object.fromEntries(methods), generateKey }
}

const nameOf = (algorithm: unknown): string =>
  typeof algorithm === 'string' ? algorithm : String((algorithm as KeyAlgorithm | null)?.name)

/** Returns the length of a symmetric key; undefined for a pair of keys. */
function keyBits(algorithm: unknown): number | undefined {
  const { name, length, hash } = algorithm as KeyAlgorithm
  if (/^AES-(CBC|CTR|GCM|KW)$/i.test(String(name))) return length
  if (!/^HMAC$/i.test(String(name))) return undefined
  return length ?? HASH_BITS[(typeof hash === 'string' ? hash : String(hash?.name)).toUpperCase()]
}

const byChance = (method: string, algorithm: string) =>
  new DOMException(
    `crypto.subtle.${method} for ${algorithm} draws on chance that no seed decides, so that a ` +
      'run could not be repeated. Import a fixed key, or use an algorithm without chance of its own.',
    'NotSupportedError',
  )

const isBytes = (value: unknown): value is BufferSource =>
  value instanceof ArrayBuffer || ArrayBuffer.isView(value)

function copyOf(bytes: BufferSource): Uint8Array {
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).slice()
    : new Uint8Array(bytes).slice()
}
