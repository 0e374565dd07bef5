import { describe, expect, it } from 'vitest'
import terminal from './terminal.ts'
import { attacked, everything, holdings, onePassed } from './testing/run.ts'

const plain = (text: string) => text.split('\n')

describe('terminal', () => {
  it('the terminal report prints every kind of verdict', async () => {
    await expect(terminal.render(everything())).toMatchFileSnapshot(
      'golden/everything.terminal.txt',
    )
  })

  it('the terminal report prints an attack as data', async () => {
    await expect(terminal.render(attacked())).toMatchFileSnapshot('golden/attacked.terminal.txt')
  })

  it('the terminal report states once that commits are derived, and words them so', async () => {
    const { run, entries } = holdings()
    const results = [...run.results, ...run.results]
    const text = terminal.render({ run: { ...run, results }, entries })
    expect(text.split('tells only what it holds')).toHaveLength(2)
    expect(terminal.render(everything())).not.toContain('tells only')
    await expect(terminal.render(holdings())).toMatchFileSnapshot('golden/holdings.terminal.txt')
  })

  it('the terminal report of a single run has a singular and no empty parts', () => {
    const text = terminal.render(onePassed())
    expect(text).toContain('1 run: 1 passed. Took 12.3 s.')
    expect(text).not.toMatch(/skipped|invariant|replay/)
  })

  it('the terminal report has colours only if the option is set', () => {
    expect(terminal.render(everything())).not.toContain('\u001b')
    expect(terminal.render(everything(), { color: true })).toContain('\u001b[31m')
  })

  it('the terminal report has the same text with and without colours', () => {
    const codes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g')
    const coloured = terminal.render(everything(), { color: true }).replace(codes, '')
    expect(plain(coloured).map((line) => line.trimEnd())).toEqual(
      plain(terminal.render(everything())).map((line) => line.trimEnd()),
    )
  })

  it.each([
    [40, 80],
    [80, 80],
    [100, 100],
    [200, 120],
  ])('in a terminal of %i columns the report has lines of at most %i', (width, most) => {
    for (const input of [everything(), attacked()]) {
      const tooLong = plain(terminal.render(input, { width })).filter(
        (line) => [...line].length > most,
      )
      expect(tooLong.filter((line) => !line.includes('replay'))).toEqual([])
    }
  })
})
