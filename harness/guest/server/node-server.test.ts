import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { TestConnection } from './testing/conversation.ts'
import { Hosted } from './testing/hosted.ts'
import { answering, guestFile, serverFile } from './testing/server-file.ts'

const fixture = (name: string) => fileURLToPath(new URL(`./testing/${name}`, import.meta.url))
const item = (key: string, text: string) => ({
  method: 'POST' as const,
  path: '/items',
  body: JSON.stringify({ key, record: `m-${key}`, text }),
})
const rowsOf = async (hosted: Hosted) =>
  (await hosted.dump()).rows.map(({ content }) => content?.text)

describe('a server of node:http', () => {
  it('answers in scenario time, and dates its responses by the scenario', async () => {
    const hosted = new Hosted({ file: fixture('items-server.ts') })
    await hosted.dump()
    const { status, headers } = await hosted.request(item('1', 'Hello'))
    expect(status).toBe(201)
    expect(headers.date).toBe('Thu, 01 Jan 2026 08:00:00 GMT')
    expect(hosted.clock.now()).toBe(20)
    await hosted.clock.advance(60_000)
    expect((await hosted.get('/')).headers.date).toBe('Thu, 01 Jan 2026 08:01:00 GMT')
  })

  it('has its files after a kill, and a new memory', async () => {
    const hosted = new Hosted({ file: fixture('items-server.ts') })
    await hosted.request(item('1', 'Kept'))
    hosted.kill()
    hosted.start()
    expect(await rowsOf(hosted)).toEqual(['Kept'])
    await hosted.request(item('1', 'The same key'))
    expect(await rowsOf(hosted)).toEqual(['Kept'])
  })

  it('counts the changes of its rows on after a restart', async () => {
    const file = serverFile({
      'server.js': `
        import { appendFileSync, existsSync, readFileSync } from 'node:fs'
        import { createServer } from 'node:http'
        const file = process.env.DATA_DIR + '/note'
        const text = () => (existsSync(file) ? readFileSync(file, 'utf8') : '')
        createServer((request, response) => {
          if (request.method === 'POST') appendFileSync(file, 'x')
          const rows = [{ collection: 'notes', id: '1', content: { text: text() } }]
          response.end(JSON.stringify(rows))
        }).listen(process.env.PORT)`,
    })
    const hosted = new Hosted({ file, dump: { request: '/' } })
    const append = () => hosted.request({ method: 'POST', path: '/' })
    await hosted.dump()
    await append()
    expect((await hosted.dump()).rows[0]).toMatchObject({ version: 2, content: { text: 'x' } })
    hosted.kill()
    hosted.start()
    await append()
    expect((await hosted.dump()).rows[0]).toMatchObject({ version: 3, content: { text: 'xx' } })
  })

  it('keeps a connection for several requests, and closes an idle one after 5 s', async () => {
    const hosted = new Hosted({ file: answering('(request: any) => request.url') })
    await hosted.dump()
    const connection = new TestConnection(hosted.connect())
    connection.request('GET /1')
    connection.request('GET /2')
    await hosted.clock.advance(0)
    expect(connection.heard().match(/"\/\d"/g)).toEqual(['"/1"', '"/2"'])
    await hosted.clock.advance(4000)
    expect(connection.end).toBeUndefined()
    await hosted.clock.advance(3000)
    expect(connection.end).toBe('end')
  })

  it('streams, and notices that the other side has gone', async () => {
    const hosted = new Hosted({ file: fixture('chat-server.ts') })
    await hosted.dump()
    const connection = new TestConnection(hosted.connect())
    connection.request('GET /events')
    await hosted.clock.advance(0)
    expect(connection.heard()).toContain('text/event-stream')
    await hosted.clock.advance(2000)
    expect(connection.heard().match(/2026-\S+/g)).toEqual([
      '2026-01-01T08:00:01.000Z',
      '2026-01-01T08:00:02.000Z',
    ])
    connection.reset()
    await hosted.clock.advance(5000)
    expect(hosted.deaths).toEqual([])
  })

  it('upgrades to WebSocket', async () => {
    const hosted = new Hosted({ file: fixture('chat-server.ts') })
    await hosted.dump()
    const [ana, ben] = [hosted.connect(), hosted.connect()].map((each) => new TestConnection(each))
    ana?.upgrade()
    ben?.upgrade()
    await hosted.clock.advance(0)
    expect(ana?.heard()).toContain('101 Switching Protocols')
    ben?.heard()
    ana?.sendText('hello')
    await hosted.clock.advance(0)
    expect(ana?.frames()).toEqual(['HELLO'])
    expect(ben?.frames()).toEqual(['HELLO'])
    expect(await rowsOf(hosted)).toEqual(['hello'])
  })

  it('gets the requests that came before it listened', async () => {
    const file = guestFile(`
      import { createServer } from 'node:http'
      const listen = (port: number) =>
        setTimeout(() => createServer((_, response) => response.end('late')).listen(port), 3000)`)
    const hosted = new Hosted({ file })
    expect((await hosted.get('/')).body).toBe('late')
    expect(hosted.clock.now()).toBe(3000)
  })

  it('ends with a clear error if it never listens', async () => {
    const hosted = new Hosted({ file: guestFile('const listen = () => {}') })
    await hosted.clock.advance(10_000)
    expect(hosted.deaths.map(String)).toEqual([
      'Problem: server.ts has not called listen() within 9 s of its start',
    ])
  })

  it('ends when it exits, and when a timer throws', async () => {
    for (const [fails, error] of [
      ['process.exit(3)', 'Exit: the server called process.exit(3)'],
      ['null.x', "TypeError: Cannot read properties of null (reading 'x')"],
    ] as const) {
      const file = answering(`() => setTimeout(() => { ${fails} }, 5) && 1`)
      const hosted = new Hosted({ file })
      await hosted.get('/')
      await hosted.clock.advance(10)
      expect(hosted.deaths.map(String)).toEqual([error])
    }
  })
})

describe('an error that nobody caught', () => {
  const uncaught = (before: string, origin: 'uncaughtException' | 'unhandledRejection') => {
    const hosted = new Hosted({ file: answering('() => seen', `const seen = []\n${before}`) })
    return { hosted, isHandled: hosted.server.handlesUncaught?.(new Error('oops'), origin) }
  }

  it('is handled by the listeners of the server, if it has some', async () => {
    const listens = "process.on('unhandledRejection', (error) => { seen.push(error.message) })"
    const { hosted, isHandled } = uncaught(listens, 'unhandledRejection')
    expect(isHandled).toBe(true)
    expect((await hosted.get('/')).body).toBe('["oops"]')
    expect(uncaught(listens, 'uncaughtException').isHandled).toBe(false)
    expect(uncaught('', 'unhandledRejection').isHandled).toBe(false)
  })

  it('ends the server if a listener exits', async () => {
    const listens = "process.on('uncaughtException', () => process.exit(1))"
    const { hosted, isHandled } = uncaught(listens, 'unhandledRejection')
    expect(isHandled).toBe(true)
    await hosted.clock.advance(1)
    expect(hosted.deaths.map(String)).toEqual(['Exit: the server called process.exit(1)'])
  })
})

describe('a module that listens', () => {
  it('is read by its dump module, in the same realm', async () => {
    const dump = { module: fixture('hono-dump.ts') }
    const hosted = new Hosted({ file: fixture('hono-server.ts'), dump })
    const { status, body } = await hosted.request({
      method: 'POST',
      path: '/texts',
      headers: { 'content-type': 'application/json' },
      body: '{"text":"Hello"}',
    })
    expect(status).toBe(201)
    expect(JSON.parse(body).at).toBe(Date.UTC(2026, 0, 1, 8))
    expect(await rowsOf(hosted)).toEqual(['Hello'])
  })

  it('has fresh modules in each incarnation and on each stage', async () => {
    const dump = { module: fixture('hono-dump.ts') }
    const about = { file: fixture('hono-server.ts'), dump }
    const post = { method: 'POST', path: '/texts', body: '{"text":"Hello"}' } as const
    const first = new Hosted(about)
    const { body } = await first.request(post)
    expect(await rowsOf(new Hosted(about))).toEqual([])
    first.kill()
    first.start()
    expect(await rowsOf(first)).toEqual([])
    // The same seed, the same chance.
    expect((await new Hosted(about).request(post)).body).toBe(body)
  })

  it('is read by a path on the server', async () => {
    const file = serverFile({
      'server.js': `
        import { createServer } from 'node:http'
        const rows = [{ collection: 'notes', id: '1', content: { text: 'here' } }]
        createServer((request, response) =>
          response.end(JSON.stringify(request.url === '/dump' ? rows : {})),
        ).listen(process.env.PORT)`,
    })
    const hosted = new Hosted({ file, dump: { request: '/dump' } })
    expect(await rowsOf(hosted)).toEqual(['here'])
  })
})

describe('what a hosted server can reach', () => {
  const ask = async (answer: string, before = '') => {
    const hosted = new Hosted({ file: answering(answer, before) })
    return JSON.parse((await hosted.get('/')).body)
  }

  it('asks itself, and finds no other host', async () => {
    const itself = `async (request: any) => {
      if (request.url === '/inner') return 'inner'
      const response = await fetch('http://localhost:' + process.env.PORT + '/inner')
      return [response.status, await response.json()]
    }`
    expect(await ask(itself)).toEqual([200, 'inner'])
    const other = `() => fetch('https://example.org/').catch((error) => error.cause.code)`
    expect(await ask(other)).toBe('ENOTFOUND')
    const raw = `() => new Promise((resolve) => connect(80, 'example.org').on('error', resolve))`
    expect(await ask(raw, "import { connect } from 'node:net'")).toMatchObject({
      code: 'ENOTFOUND',
    })
  })

  it('has chance, packed data and hashes without threads', async () => {
    const answer = `async () => [
      Math.random(), crypto.randomUUID(), randomInt(100), randomBytes(2).toString('hex'),
      await promisify(scrypt)('secret', 'salt', 4).then(String),
      (await promisify(gunzip)(await promisify(gzip)('packed'))).toString(),
    ]`
    const before = `
      import { randomBytes, randomInt, scrypt } from 'node:crypto'
      import { promisify } from 'node:util'
      import { gunzip, gzip } from 'node:zlib'`
    const first = await ask(answer, before)
    expect(first).toEqual(await ask(answer, before))
    expect(first.at(-1)).toBe('packed')
  })

  it('carries AsyncLocalStorage through timers and files', async () => {
    const answer = `(request: any) => storage.run('mine', async () => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      await readFile(import.meta.filename, 'utf8')
      return storage.getStore()
    })`
    const before = `
      import { AsyncLocalStorage } from 'node:async_hooks'
      import { readFile } from 'node:fs/promises'
      const storage = new AsyncLocalStorage()`
    expect(await ask(answer, before)).toBe('mine')
  })

  it('names what cannot be hosted, and what to do', async () => {
    const answer = "() => new Worker('./other.js')"
    expect(await ask(answer, "import { Worker } from 'node:worker_threads'")).toEqual({
      error: expect.stringMatching(
        /Worker of node:worker_threads, which server\.ts uses, cannot be hosted; .*--world wire/,
      ),
    })
  })
})

it('leaves no timer and no connection of the machine', async () => {
  // Immediates are those of the clock.
  const isOfClock = (kind: string) => kind === 'Immediate'
  const active = () =>
    process
      .getActiveResourcesInfo()
      .filter((kind) => !isOfClock(kind))
      .sort()
  const before = active()
  const hosted = new Hosted({ file: fixture('chat-server.ts') })
  await hosted.dump()
  const [first, second] = [hosted.connect(), hosted.connect()].map(
    (each) => new TestConnection(each),
  )
  first?.upgrade()
  second?.request('GET /events')
  await hosted.clock.advance(3000)
  hosted.kill()
  await hosted.clock.advance(60_000)
  expect(active()).toEqual(before)
})
