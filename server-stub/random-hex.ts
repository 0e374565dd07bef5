import type { Random } from '../harness/core/random.ts'

/** Returns `count` random bytes as hexadecimal digits, two for each. */
export function randomHex(random: Random, count: number): string {
  return [...random.bytes(count)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
