import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPython } from '../../../../reports/testing/xml.ts'
import { catalog } from '../../../cli/catalog/catalog.ts'
import { pickServer } from '../../../cli/catalog/pick-server.ts'
import { openWire } from '../../../cli/execute/open-wire.ts'
import { at, during, scenario } from '../../../core/build.ts'
import { breachedIds } from '../../../core/result.ts'
import type { Scenario } from '../../../core/scenario.ts'
import type { ServerDefinition, ServerProgram } from '../../../core/server.ts'
import type { World } from '../../../core/world.ts'
import { serverCrash } from '../../../faults/server-crash.ts'
import { lostAcks } from '../../../run/lost-acks.ts'
import { runScenario } from '../../../run/run.ts'
import { handDriven, markedMessage, waitFor } from '../../../testing/by-hand.ts'
import { send } from '../../../workload/chat.ts'
import type { Warden } from '../process/warden.ts'
import client from '../testing/retrying-chat.ts'
import { ProgramProcess } from './program-process.ts'

const testing = new URL('../testing/', import.meta.url)
const script = fileURLToPath(new URL('message_server.py', testing))
const [toxics, effects] = [await catalog.toxics(), await catalog.effects()]
const [invariants, scenarios] = [await catalog.invariants(), await catalog.scenarios()]
const chat = { ...client, module: new URL('retrying-chat.ts', testing).href }

const folder = mkdtempSync(join(tmpdir(), 'tunnelproof-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function python(...args: string[]): Promise<ServerDefinition> {
  return (await pickServer(`exec:python3 ${script} ${args.join(' ')}`, '.', '/dump')).definition
}

const open = (server?: ServerDefinition) =>
  openWire({
    ...{ toxics, effects, toxiproxy: 'embedded' },
    subjects: server ? [{ client: chat, server, policy: 'server-wins' }] : [],
  })

describe.runIf(hasPython)('a server that is a program in another language', () => {
  let world: World
  beforeAll(async () => {
    world = await open()
  })
  afterAll(() => world?.close())

  const play = (server: ServerDefinition, story: Scenario | string) => {
    const found = scenarios.find(({ name }) => name === story)
    const played = typeof story === 'string' ? found : story
    if (!played) throw new Error(`no scenario is called '${story}'`)
    return runScenario({
      ...{ world, client: chat, server, seed: 1, invariants, effects },
      scenario: played,
    })
  }

  it.each(['first-message', 'tunnel', 'lost-ack', 'server-restart'])(
    'holds what it should if it stores each key once: %s',
    async (name) => {
      const { result, history } = await play(await python('--once'), name)
      expect(result).toMatchObject({ verdict: 'pass', serverTells: 'holdings' })
      expect(history.of('serverCommit').every(({ derived }) => derived)).toBe(true)
      // Nothing is on its way to a phone before it is recorded.
      for (const { request, received, responded, response } of history.requests) {
        if (response?.outcome !== 'response' || !responded) continue
        const seqs = [request.seq, received?.seq, responded.seq, response.seq]
        expect(seqs).toEqual([...seqs].sort((a = 0, b = 0) => a - b))
      }
    },
  )

  it('is caught if it stores what is sent twice', async () => {
    const { result, history } = await play(await python(), 'lost-ack')
    expect(breachedIds(result)).toEqual(expect.arrayContaining(['EXACTLY-ONCE', 'ONE-ROW']))
    expect(lostAcks(history).length).toBeGreaterThan(0)
  })

  it.each(['received', 'responding'] as const)(
    'is killed when a request is %s, and started again on its folder',
    async (point) => {
      const story = scenario({
        title: 'Crash',
        story: 'The server dies.',
        devices: ['ana', 'ben'],
        steps: [
          at('5s', send('ana', 'before')),
          during('20s', '40s', serverCrash(point)),
          at('25s', send('ana', 'during')),
        ],
        exercised: {},
      })
      const { result, history } = await play(await python('--once'), story)
      expect(result.verdict).toBe('pass')
      expect(history.of('crash')).toMatchObject([{ by: 'scenario', incarnation: 1 }])
      expect(history.of('start', 'server')).toHaveLength(2)
      const commits = history.of('serverCommit').map(({ opId, recovered }) => [opId, recovered])
      expect(commits).toEqual([
        ['ana-1', undefined],
        ['ana-2', undefined],
      ])
      expect(history.serverState?.rows).toHaveLength(2)
    },
  )

  it('is a finding if it crashes by itself, with the reason', async () => {
    const { result, history } = await play(await python('--crash', 'Did'), 'lost-ack')
    expect(result.verdict).toBe('fail')
    expect(history.of('crash', 'server')[0]).toMatchObject({
      by: 'itself',
      message: 'exit code 3: cannot go on',
    })
  })

  it('shows its output in the history', async () => {
    const { history } = await play(await python(), 'first-message')
    expect(history.of('log', 'server')).toMatchObject([{ level: 'info', text: 'listening' }])
  })

  it('makes the run undecided if its dump fails while it lives', async () => {
    const { program, ...rest } = await python()
    let readings = 0
    const dump: ServerProgram['dump'] = (at) => {
      if (++readings === 3) throw new Error('no dump today')
      return (program as ServerProgram).dump(at)
    }
    const flawed = { ...rest, program: { ...(program as ServerProgram), dump } }
    const { result, history } = await play(flawed, 'first-message')
    expect(result.verdict).toBe('unknown')
    expect(history.of('invalid')).toMatchObject([
      { what: 'its dump', received: expect.stringContaining('no dump today') },
    ])
  })

  it('reports as recovered what it had stored when it was killed, unseen', async () => {
    const { program, ...rest } = await python()
    let isBlind = true
    let onStored = () => {}
    const stored = new Promise<void>((resolve) => {
      onStored = resolve
    })
    const dump: ServerProgram['dump'] = async (at) => {
      const items = await (program as ServerProgram).dump(at)
      if (!isBlind || items.length === 0) return items
      onStored()
      return new Promise(() => {})
    }
    const server = { ...rest, program: { ...(program as ServerProgram), dump } }
    const stage = await world.open({
      ...{ scenario: handDriven, client: chat, server, seed: 1, timeScale: 10 },
    })
    try {
      stage.device('ana').perform(markedMessage('ana', 'stored'))
      await stored
      await stage.server.kill()
      isBlind = false
      await stage.server.start()
      const history = await waitFor(stage, (all) => all.of('serverCommit').length > 0)
      expect(history.of('serverCommit')[0]).toMatchObject({ derived: true, recovered: true })
      expect(history.of('serverResponded').some(({ status }) => status === 201)).toBe(false)
    } finally {
      await stage.close()
    }
  })
})

describe('the start of a program', () => {
  const warden = { tell() {} } as unknown as Warden
  const server = (...command: string[]): ServerDefinition => ({
    name: 'exec:it',
    title: '',
    tells: 'holdings',
    program: { command, cwd: folder, dump: () => [] },
    create: () => {
      throw new Error('unused')
    },
  })
  const node = (code: string) => server(process.execPath, '-e', code)
  const LISTEN = "require('net').createServer().listen(process.env.PORT, process.env.HOST)"

  it.each([
    [
      'exits',
      node("console.log('one'); console.error('Error: no database'); process.exit(4)"),
      /^the server 'exec:it' does not start: exit code 4: Error: no database; its last output: /,
    ],
    ['is not there', server('no-such-program'), /cannot run no-such-program: no such file/],
    [
      'has a dump that throws',
      {
        ...node(LISTEN),
        program: {
          command: [process.execPath, '-e', LISTEN],
          dump: () => Promise.reject(new Error('no such table')),
        },
      },
      /^the dump of the server 'exec:it' fails: no such table$/,
    ],
    [
      'has a dump of something else',
      {
        ...node(LISTEN),
        program: { command: [process.execPath, '-e', LISTEN], dump: () => [{ id: 1 }] as never },
      },
      /its dump expects rows \{ collection, id, content \}/,
    ],
  ])('is a problem in one line if it %s', async (_, definition, expected) => {
    await expect(open(definition)).rejects.toThrow(expected)
  })

  it('gives it port and folder, also in its words, and the place of the command', async () => {
    const lines: string[] = []
    const print = 'console.log(process.argv.slice(1).join(), process.env.DATA_DIR, process.cwd())'
    const command = [process.execPath, '-e', `${print}; ${LISTEN}`, '--', '$PORT', 'x$DATA_DIR']
    const { program } = server(...command)
    const port = 29_999
    const child = await ProgramProcess.start({
      ...{ program: program as ServerProgram, port, folder: '/data', warden },
      onLine: (text) => void lines.push(text),
    })
    expect(await child.listening()).toBeUndefined()
    await child.kill()
    expect(lines).toEqual([`${port},x/data /data ${folder}`])
  })

  it('is killed with its children, and its port is free for the next', async () => {
    const code = `${LISTEN}; console.log('listens ' + process.pid)`
    const { program } = server('sh', '-c', `"$0" -e "$1"; true`, process.execPath, code)
    const options = { program: program as ServerProgram, port: 29_998, folder, warden }
    for (let i = 0; i < 3; i++) {
      const child = await ProgramProcess.start(options)
      expect(await child.listening()).toBeUndefined()
      expect(await child.kill()).toMatchObject({ message: expect.stringMatching(/^SIGKILL/) })
    }
  })
})
