import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from './random.ts'

const draw = (seed: number) => {
  const random = seededRandom(seed)
  return Array.from({ length: 20 }, () => random.next())
}

describe('seededRandom', () => {
  it('gives equal sequences for equal seeds, and different ones for different seeds', () => {
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it('draws whole numbers from both bounds and between, and fractions below 1', () => {
    const random = seededRandom(3)
    const drawn = Array.from({ length: 400 }, () => random.int(2, 5))
    expect(new Set(drawn)).toEqual(new Set([2, 3, 4, 5]))
    fc.assert(
      fc.property(fc.integer(), (seed) => draw(seed).every((value) => value >= 0 && value < 1)),
    )
  })

  it('forks by seed and label, independent of the numbers drawn before', () => {
    const [fresh, used] = [seededRandom(9), seededRandom(9)]
    used.next()
    expect(used.fork('ana').next()).toBe(fresh.fork('ana').next())
    expect(fresh.fork('ana').next()).not.toBe(fresh.fork('ben').next())
  })

  it('returns as many bytes as requested', () => {
    expect(seededRandom(1).bytes(16)).toHaveLength(16)
  })
})
