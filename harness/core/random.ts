import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Chance as a port: the seed alone decides what comes. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** A whole number in [least, most], both included. */
  int(least: number, most: number): number
  /** `count` bytes. */
  bytes(count: number): Uint8Array
  /** A generator of its own, decided by this one's seed and the label, not by how often this one was asked. */
  fork(label: string): Random
}

/** A seeded generator (xoroshiro128+). Equal seeds give equal sequences on any machine. */
export function seededRandom(seed: number): Random {
  const source = xoroshiro128plus(seed | 0)
  const next = () => (source.next() >>> 0) / 0x1_0000_0000
  const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    int,
    bytes: (count) => Uint8Array.from({ length: count }, () => int(0, 255)),
    fork: (label) => seededRandom(mix(seed, label)),
  }
}

/** FNV-1a over the label, started from the seed: neighbouring seeds and labels end far apart. */
function mix(seed: number, label: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (let i = 0; i < label.length; i++)
    hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193) >>> 0
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d) >>> 0
  return (hash ^ (hash >>> 13)) | 0
}
