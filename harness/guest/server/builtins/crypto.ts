import * as crypto from 'node:crypto'
import type { HostedChance } from '../globals/chance.ts'
import type { Later } from './later.ts'
import { hostedTwin } from './later.ts'

type Callback = (error: Error | null, ...results: unknown[]) => void

/** The functions whose work Node does in threads, each with a twin that does it at once. */
const IN_THREADS = [
  'pbkdf2',
  'scrypt',
  'hkdf',
  'generateKey',
  'generateKeyPair',
  'generatePrime',
  'checkPrime',
] as const

/** Returns node:crypto with chance that the seed decides, and without threads. */
export function hostedCrypto(chance: HostedChance, webcrypto: object, later: Later) {
  const { randomBytes, fill, randomUUID, randomInt } = chance
  const twins = Object.fromEntries(
    IN_THREADS.flatMap((name) => {
      const atOnce = (crypto as unknown as Record<string, unknown>)[`${name}Sync`]
      return typeof atOnce === 'function' ? [[name, hostedTwin(atOnce as never, later)]] : []
    }),
  )
  const answer = <Result>(result: Result, done: unknown): Result | undefined => {
    if (typeof done !== 'function') return result
    later(() => (done as Callback)(null, result))
    return undefined
  }
  const { randomFillSync, ...rest } = { randomFillSync: fill, ...twins }
  return {
    ...crypto,
    ...rest,
    webcrypto,
    subtle: (webcrypto as { subtle: unknown }).subtle,
    getRandomValues: fill,
    randomUUID,
    randomFillSync,
    randomBytes: (size: number, done?: Callback) => answer(randomBytes(size), done),
    pseudoRandomBytes: (size: number, done?: Callback) => answer(randomBytes(size), done),
    randomFill: (view: Buffer, ...args: unknown[]) => {
      const [offset, size] = args.filter((each) => typeof each === 'number') as number[]
      return answer(fill(view, offset, size), args.at(-1))
    },
    randomInt: (...args: unknown[]) => {
      const [first = 0, second] = args.filter((each) => typeof each === 'number') as number[]
      const [least, below] = second === undefined ? [0, first] : [first, second]
      return answer(randomInt(least, below), args.at(-1))
    },
  }
}
