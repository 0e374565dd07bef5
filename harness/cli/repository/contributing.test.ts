import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const textOf = (path: string) => readFileSync(`${root}${path}`, 'utf8')

const contributing = textOf('.github/CONTRIBUTING.md')
const template = textOf('.github/pull_request_template.md')
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }

/** Paths that exist only after the commands in the text, or that Git creates. */
const CREATED = /^(coverage|reports\/out|\.git)\//

it('every path that CONTRIBUTING.md names exists', () => {
  const paths = [...contributing.matchAll(/(?<![\w/.-])(?:\.?[\w-]+\/)+[\w.-]*/g)]
    .map(([path]) => path)
    .filter((path) => !CREATED.test(path))
  expect(paths.length).toBeGreaterThan(25)
  expect(paths.filter((path) => isMissing(path))).toEqual([])
})

it('every link of CONTRIBUTING.md leads to a file that exists', () => {
  const links = [...contributing.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path)
  expect(links.length).toBeGreaterThan(2)
  expect(links.filter((path) => !existsSync(`${root}.github/${path}`))).toEqual([])
})

it('every npm script that CONTRIBUTING.md and the pull request template name exists', () => {
  const named = [...`${contributing}${template}`.matchAll(/npm run (?:-s )?([\w:]+)/g)]
  expect(named.length).toBeGreaterThan(8)
  expect(named.filter(([, name = '']) => !(name in scripts)).map(([text]) => text)).toEqual([])
})

it('CONTRIBUTING.md names every npm script that contributors use', () => {
  const automatic = new Set(['prepack', 'build'])
  const missing = Object.keys(scripts).filter(
    (name) => !automatic.has(name) && !new RegExp(`npm (run )?${name}\\b`).test(contributing),
  )
  expect(missing).toEqual([])
})

it('CHANGELOG.md has a section for the version of the package', () => {
  const { version } = JSON.parse(textOf('package.json')) as { version: string }
  const changelog = textOf('CHANGELOG.md')
  expect(changelog).toMatch(/^## Unreleased$/m)
  expect(changelog).toMatch(new RegExp(`^## ${version.replaceAll('.', '\\.')}$`, 'm'))
})

function isMissing(path: string): boolean {
  return !existsSync(`${root}${path}`)
}
