import { describe, expect, it } from 'vitest'
import html from './html.ts'
import json from './json.ts'
import junit from './junit.ts'
import terminal from './terminal.ts'
import { twoClients } from './testing/run.ts'

const CLIENTS = ['interview/naive', 'plain']

describe('a run with several clients', () => {
  it('terminal and JUnit render the golden reports', async () => {
    await expect(terminal.render(twoClients())).toMatchFileSnapshot(
      'golden/two-clients.terminal.txt',
    )
    await expect(junit.render(twoClients())).toMatchFileSnapshot('golden/two-clients.junit.xml')
  })

  it.each([terminal, junit, html, json])('$name names the client of each run', (format) => {
    const text = format.render(twoClients())
    for (const client of CLIENTS) expect(text).toContain(client)
    expect(text).toContain('--client interview/naive')
  })

  it('the page shows first, for each scenario, what each client made of it', () => {
    const [grid = ''] = /<table class="overview.*?<\/table>/s.exec(html.render(twoClients())) ?? []
    const rows = grid
      .split('<tr>')
      .slice(1)
      .map((row) => row.replace(/<[^>]*>/g, ' '))
    expect(rows.map((row) => row.replace(/\s+/g, ' ').trim())).toEqual([
      'scenario interview/naive plain',
      expect.stringMatching(/^\S.* ✗ fail NO-LOSS ✓ pass$/),
      expect.stringMatching(/^\S.* not played ✗ fail EXACTLY-ONCE, ONE-ROW$/),
    ])
  })

  it('each link of the grid leads to a section', () => {
    const page = html.render(twoClients())
    const links = [...page.matchAll(/ href="#(r\d+)"/g)].map((found) => found[1])
    expect(links).toHaveLength(3)
    for (const link of links) expect(page).toContain(`id="${link}"`)
  })
})
