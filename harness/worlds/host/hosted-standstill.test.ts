import { expect, it } from 'vitest'
import { VirtualClock } from '../../core/ports/virtual-clock.ts'
import { CodeUnderTest } from './code-under-test.ts'
import { hostedStandstill } from './hosted-standstill.ts'

function hosted() {
  const entered: string[] = []
  const clock = new VirtualClock()
  const onEnter = (doing: string) => void entered.push(doing)
  const code = new CodeUnderTest({ emit: () => {}, onCrash: () => {}, onEnter }, {})
  return { clock, code, entered, standstill: hostedStandstill(clock.standstill, code) }
}

it('a hosted standstill settles as its work does, as code of the incarnation', async () => {
  const { clock, entered, standstill } = hosted()
  const settled = [
    standstill(async () => 'done'),
    standstill(async () => Promise.reject(new Error('failed'))).catch(({ message }) => message),
  ]
  await clock.reactions()
  expect(await Promise.all(settled)).toEqual(['done', 'failed'])
  expect(entered).toEqual(['the end of a work', 'the end of a work'])
})

it('a hosted standstill never settles after the death of its incarnation', async () => {
  const { clock, code, standstill } = hosted()
  let isSettled = false
  void standstill(async () => 'done').finally(() => {
    isSettled = true
  })
  code.revoke()
  await clock.reactions()
  expect(isSettled).toBe(false)
})
