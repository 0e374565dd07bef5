import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { programUrl } from '../process/launch.ts'
import { ProcessCode } from './process-code.ts'

const home = mkdtempSync(join(tmpdir(), 'process-code-test-'))
afterAll(() => rmSync(home, { recursive: true }))
const write = (name: string, content: string) => {
  writeFileSync(join(home, name), content)
  return pathToFileURL(join(home, name)).href
}
const device = programUrl('device')
const folderAt = (path: string) => ({ path, remove: async () => rmSync(path, { recursive: true }) })
const usesTsx = (command: readonly string[]) => command.includes('--import')

it('ProcessCode compiles each pair of program and module once, in a folder made then', async () => {
  const out = mkdtempSync(join(home, 'out-'))
  let folders = 0
  const code = new ProcessCode(async () => {
    folders++
    return folderAt(out)
  })
  const script = write('plain.mjs', '')
  expect(await code.command(script, [script])).toEqual(
    expect.arrayContaining([join(home, 'plain.mjs'), script]),
  )
  expect(folders).toBe(0)

  const client = write('client.ts', 'export default 1 as number')
  const [first, second] = await Promise.all([
    code.command(device, [client]),
    code.command(device, [client]),
  ])
  expect(second).toBe(first)
  expect(usesTsx(first)).toBe(false)
  expect(first.slice(-2)).toEqual([expect.stringMatching(/\.mjs$/), client])
  expect(folders).toBe(1)
  expect(readdirSync(out)).toHaveLength(1)
  await code.close()
  expect(readdirSync(home)).not.toContain(basename(out))
})

it('ProcessCode compiles only the module if the program is compiled already', async () => {
  const out = mkdtempSync(join(home, 'out-'))
  const code = new ProcessCode(async () => folderAt(out))
  const program = write('program.mjs', '')
  const user = write('user.ts', 'export default 1 as number')
  const command = await code.command(program, [user])
  expect(command).toContain(join(home, 'program.mjs'))
  expect(command.slice(-2)).toEqual([expect.stringContaining(pathToFileURL(out).href), user])
})

it('ProcessCode runs with tsx what cannot be compiled', async () => {
  const out = mkdtempSync(join(home, 'out-'))
  const code = new ProcessCode(async () => folderAt(out))
  const client = write('bound.ts', "const name = './x.ts'\nexport default await import(name)")
  const command = await code.command(device, [client])
  expect(usesTsx(command)).toBe(true)
  expect(command.at(-1)).toBe(client)
  expect(await code.giveUp(command)).toBe(false)
})

it('ProcessCode runs with tsx what has not become ready when it was compiled', async () => {
  const out = mkdtempSync(join(home, 'out-'))
  const code = new ProcessCode(async () => folderAt(out))
  const client = write('fails.ts', 'export default 1 as number')
  expect(await code.giveUp(await code.command(device, [client]))).toBe(true)
  expect(usesTsx(await code.command(device, [client]))).toBe(true)
})
