import type { Random } from '../../core/random.ts'

/** Returns Math with chance from the Random port. */
export function mathObject(random: Pick<Random, 'next'>): Math {
  return Object.create(Object.prototype, {
    ...Object.getOwnPropertyDescriptors(Math),
    random: { value: () => random.next(), writable: true, configurable: true },
  })
}
