import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lineReader } from './lines.ts'

it('lineReader returns the same lines for any cut of the stream into pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string().filter((line) => !line.includes('\n'))),
      fc.array(fc.nat(20)),
      (lines, cuts) => {
        const got: string[] = []
        const read = lineReader((line) => got.push(line))
        let rest = lines.map((line) => `${line}\n`).join('')
        for (const cut of cuts) {
          read(rest.slice(0, cut))
          rest = rest.slice(cut)
        }
        read(rest)
        expect(got).toEqual(lines.map((line) => line.trimEnd()).filter((line) => line !== ''))
      },
    ),
  )
})

it('lineReader cuts a line that is too long, and returns the next one', () => {
  const got: string[] = []
  const read = lineReader((line) => got.push(line), 10)
  for (let i = 0; i < 5; i++) read('xxxx')
  read('tail\nnext\n')
  expect(got).toEqual(['xxxxxxxxxx', 'next'])
})
