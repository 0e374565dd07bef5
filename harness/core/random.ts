import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Random numbers that depend on the seed alone. Never throws. */
export interface Random {
  /** Returns a number in [0, 1). */
  next(): number
  /** Returns a whole number from `min` to `max`, both included. */
  int(min: number, max: number): number
  /** Returns `count` random bytes. */
  bytes(count: number): Uint8Array
  /** Returns a new generator that depends on seed and label, not on the numbers drawn before. */
  fork(label: string): Random
}

/** Returns a seeded generator (xoroshiro128+). Equal seeds give equal sequences everywhere. */
export function seededRandom(seed: number): Random {
  const source = xoroshiro128plus(seed | 0)
  const next = () => (source.next() >>> 0) / 0x1_0000_0000
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    int,
    bytes: (count) => Uint8Array.from({ length: count }, () => int(0, 255)),
    fork: (label) => seededRandom(mix(seed, label)),
  }
}

/** Hashes seed and label (FNV-1a). Similar seeds and labels give very different hashes. */
function mix(seed: number, label: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (let i = 0; i < label.length; i++)
    hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193) >>> 0
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d) >>> 0
  return (hash ^ (hash >>> 13)) | 0
}
