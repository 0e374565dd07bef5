import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { MESSAGES_ONLY } from '../../core/capabilities.ts'
import { Problem } from '../../core/problem.ts'
import { pickClient } from './pick-client.ts'
import { pickFormats } from './pick-formats.ts'
import { globMatches, pickScenarios } from './pick-scenarios.ts'
import { pickServer } from './pick-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'tunnelproof-pick-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return `./${name}`
}
const names = async (...given: string[]) =>
  (await pickScenarios(given, folder)).map(({ name }) => name)

const CAPABILITIES = JSON.stringify({ ...MESSAGES_ONLY, update: true, recovery: 1000 })
const CLIENT = `{ name: 'mine', title: 't', capabilities: ${CAPABILITIES}, create() {} }`

describe('pickScenarios', () => {
  it('pickScenarios returns all scenarios without arguments', async () => {
    expect((await names()).length).toBeGreaterThanOrEqual(14)
  })
  it('pickScenarios finds scenarios by name and by glob, each once', async () => {
    expect(await names('tunnel', 'tunne?')).toEqual(['tunnel'])
    expect(await names('partition-note-*')).toEqual([
      'partition-note-last-write-wins',
      'partition-note-server-wins',
    ])
    expect(globMatches('a.b', 'axb')).toBe(false)
  })
  it('pickScenarios reads a JSON file, and refuses two scenarios of one name', async () => {
    const [tunnel] = await pickScenarios(['tunnel'], folder)
    const mine = file('mine.json', JSON.stringify({ ...tunnel, name: 'mine' }))
    expect(await names(mine, 'tunnel')).toEqual(['mine', 'tunnel'])
    const changed = file('changed.json', JSON.stringify({ ...tunnel, settle: 1 }))
    await expect(names('tunnel', changed)).rejects.toThrow(/two scenarios are called 'tunnel'/)
  })
  it.each([
    ['tunel', /unknown scenario 'tunel' \(did you mean 'tunnel'\?\)/],
    ['./nowhere.json', /there is no file/],
    ['*nothing*', /unknown scenario/],
  ])('pickScenarios reports a scenario that does not exist: %s', async (argument, expected) => {
    await expect(names(argument)).rejects.toThrow(expected)
    await expect(names(argument)).rejects.toThrow(Problem)
  })
  it('pickScenarios reports the error in a file that is not a scenario', async () => {
    await expect(names(file('bad.json', '{"version":2}'))).rejects.toThrow(
      /bad.json is not a scenario at name/,
    )
    const [tunnel] = await pickScenarios(['tunnel'], folder)
    const misspelt = JSON.stringify(tunnel).replace('"link-down"', '"link-dwn"')
    await expect(names(file('misspelt.json', misspelt))).rejects.toThrow(
      /misspelt.json is not a scenario at steps\..*expected one of acks-lost.*got 'link-dwn'/,
    )
    await expect(names(file('garbage.json', 'garbage'))).rejects.toThrow(/not readable as JSON/)
  })
})

describe('pickClient', () => {
  it('pickClient finds a client below clients/, with the URL of its module', async () => {
    const { definition } = await pickClient('interview/naive', folder)
    expect(definition.name).toBe('interview/naive')
    expect(definition.module).toMatch(/^file:.*clients\/interview\/naive\/index\.ts$/)
  })
  it('pickClient loads the user’s module, and names it by its absolute path', async () => {
    const { definition, source: spec } = await pickClient(
      file('mine.js', `export default ${CLIENT}`),
      folder,
    )
    expect(definition).toMatchObject({
      name: 'mine',
      module: expect.stringMatching(/^file:.*mine\.js$/),
    })
    expect(spec).toBe(join(folder, 'mine.js'))
  })
  it('pickClient accepts a program, with or without a file of its capabilities', async () => {
    const bare = await pickClient('exec:python3 "my client.py"', folder)
    expect(bare.definition).toMatchObject({
      command: ['python3', 'my client.py'],
      capabilities: { collections: ['messages'], update: false },
    })
    const described = await pickClient(
      file(
        'prog.json',
        `{"name":"prog","title":"t","command":["prog"],"capabilities":${CAPABILITIES}}`,
      ),
      folder,
    )
    expect(described.definition).toMatchObject({
      name: 'prog',
      command: ['prog'],
      capabilities: { update: true },
    })
  })
  it.each([
    ['interview/naiv', /unknown client 'interview\/naiv' \(did you mean 'interview\/naive'\?\)/],
    ['./nowhere.ts', /there is no file/],
    ['exec:  ', /expects a program/],
    [file('none.js', 'export const x = 1'), /expects a ClientDefinition/],
    [file('poor.js', 'export default { name: "poor", title: "" }'), /'capabilities'/],
    [file('broken.js', 'export default ('), /cannot be loaded/],
  ])('pickClient reports a client that cannot be loaded: %s', async (argument, expected) => {
    await expect(pickClient(argument, folder)).rejects.toThrow(expected)
    await expect(pickClient(argument, folder)).rejects.toThrow(Problem)
  })
})

it('servers and reporters are found by name', async () => {
  expect((await pickServer('naive', folder)).definition.name).toBe('naive')
  await expect(pickServer('dedupp', folder)).rejects.toThrow(/did you mean 'dedup'/)
  expect((await pickFormats('junit, json')).map(({ name }) => name)).toEqual(['junit', 'json'])
  await expect(pickFormats('xml')).rejects.toThrow(/unknown reporter 'xml'.*terminal/)
})
