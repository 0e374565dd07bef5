import { describe, expect, it } from 'vitest'
import type { Effect, EffectContext } from '../core/effect.ts'
import { HeldEffects } from '../run/held-effects.ts'
import { type FakeStage, fakeStage } from '../testing/fake-stage.ts'
import { allEffects } from './testing/effects.ts'

const effects = await allEffects()

const context = (stage: FakeStage, id: string): EffectContext => ({ stage, id, others: [] })
const begun = async ({ begin, example }: Effect) => {
  const stage = fakeStage()
  await begin(example, context(stage, 'first'))
  return stage
}

describe.each([...effects])('effect contract: %s', (file, effect) => {
  const { name, example, schema } = effect

  it('has the name of its file, in its example too', () => {
    expect(name).toBe(file)
    expect(example.effect).toBe(name)
  })

  it('accepts its own example unchanged, and no other effect', () => {
    expect(schema.parse(example)).toEqual(example)
    expect(schema.safeParse({ ...example, effect: 'something-else' }).success).toBe(false)
  })

  it('builds its example from the parameters', () => {
    const { effect: _, ...parameters } = example
    expect(effect.spec(parameters)).toEqual(example)
  })

  it('has a caption that is a clause: not empty, without a final full stop', () => {
    expect(effect.caption(example)).toMatch(/\w.*[^.]$/)
  })

  it('acts on the stage when it begins', async () => {
    expect((await begun(effect)).calls).not.toEqual([])
  })

  it('leaves the stage as it was when it ends', async () => {
    const stage = await begun(effect)
    await effect.end(example, context(stage, 'first'))
    expect(stage.state()).toEqual(fakeStage().state())
  })

  it('names a node of the stage in kills, if it has kills', () => {
    const killed = effect.kills?.(example)
    if (killed !== undefined) expect(['ana', 'ben', 'server']).toContain(killed)
  })

  it('holds for two overlapping faults until the last of them ends', async () => {
    const alone = (await begun(effect)).state()
    const stage = fakeStage()
    const held = new HeldEffects(stage, effects)
    await held.begin('first', example)
    await held.begin('second', example)
    await held.end('second', example)
    expect(stage.state()).toEqual(alone)
    await held.begin('third', example)
    await held.end('first', example)
    await held.end('third', example)
    expect(stage.state()).toEqual(fakeStage().state())
  })
})
