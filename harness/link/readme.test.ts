import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string, base: string | URL = import.meta.url) =>
  readFileSync(new URL(path, base), 'utf8')

it('shows the example that runs as example.test.ts in README.md', () => {
  expect(read('./README.md')).toContain(`\`\`\`ts\n${read('./example.test.ts')}\`\`\``)
})

/** The code blocks of a README, each with the last file linked before it. */
function* quotations(text: string): Generator<{ file: string; code: string }> {
  let file = ''
  for (const [, link, code] of text.matchAll(/\]\(([^)]+\.ts)\)|```ts\n([\s\S]*?)```/g)) {
    if (code === undefined) file = link ?? ''
    else yield { file, code }
  }
}

describe('toxics/README.md', () => {
  const url = new URL('./toxics/README.md', import.meta.url)
  const quoted = [...quotations(read(url.href))]

  it('quotes code in each step of the recipe', () => {
    expect(quoted.map(({ file }) => file)).toEqual([
      'noop.ts',
      'latency.ts',
      'limit_data.ts',
      'latency.ts',
      'slow_close.ts',
      'timeout.ts',
      'reset_peer.ts',
      'bandwidth.ts',
      'limit_data.test.ts',
    ])
  })

  it.each(quoted)('quotes $file word for word', ({ file, code }) => {
    expect(read(file, url)).toContain(code)
  })
})

it.each(['README.md', 'toxics/README.md', '../toxiproxy/README.md'])(
  '%s links only to files that exist',
  (path) => {
    const url = new URL(path, import.meta.url)
    const links = [...read(url.href).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
    expect(
      links.map(([, link = '']) => link).filter((link) => !existsSync(new URL(link, url))),
    ).toEqual([])
  },
)
