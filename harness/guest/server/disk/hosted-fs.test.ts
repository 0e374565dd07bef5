import type * as NodeFs from 'node:fs'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { finished } from 'node:stream/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { MemoryDisk } from '../../../core/ports/memory-database.ts'
import { VirtualClock } from '../../../core/ports/virtual-clock.ts'
import { seededRandom } from '../../../core/random.ts'
import { hostedChance } from '../globals/chance.ts'
import { Disk } from './disk.ts'
import { hostedFs } from './hosted-fs.ts'
import { syncFs } from './sync-fs.ts'

let memory: MemoryDisk
let isAlive: boolean
/** A folder of the machine, with the file `real.txt`. */
let machine: string
let fs: typeof NodeFs

/** Begins another incarnation on the same disk. */
function start(): void {
  const life = { isAlive: true }
  isAlive = true
  const disk = new Disk(
    memory.open(() => life.isAlive && isAlive),
    new VirtualClock(),
  )
  const chance = hostedChance(seededRandom(1))
  const sync = syncFs({ disk, cwd: () => machine, chance, print: () => {} })
  fs = hostedFs(sync, setImmediate) as unknown as typeof NodeFs
}

beforeEach(() => {
  memory = new MemoryDisk()
  machine = mkdtempSync(join(tmpdir(), 'tunnelproof-test-disk-'))
  writeFileSync(join(machine, 'real.txt'), 'of the machine')
  start()
  fs.mkdirSync('/server.test/data', { recursive: true })
})

const code = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
  return 'none'
}

describe('files of the machine', () => {
  it('are read, and never changed', () => {
    expect(fs.readFileSync('real.txt', 'utf8')).toBe('of the machine')
    fs.appendFileSync('real.txt', ', and more')
    expect(fs.readFileSync(join(machine, 'real.txt'), 'utf8')).toBe('of the machine, and more')
    fs.rmSync(join(machine, 'real.txt'))
    expect(fs.existsSync('real.txt')).toBe(false)
    start()
    expect(fs.existsSync('real.txt')).toBe(false)
    expect(readFileSync(join(machine, 'real.txt'), 'utf8')).toBe('of the machine')
  })

  it('are listed beside written ones', () => {
    fs.writeFileSync('mine.txt', '')
    expect(fs.readdirSync('.')).toEqual(['mine.txt', 'real.txt'])
    fs.unlinkSync('real.txt')
    expect(fs.readdirSync(machine)).toEqual(['mine.txt'])
  })

  it('do not show in a folder that was deleted and made again', () => {
    fs.rmSync(machine, { recursive: true })
    fs.mkdirSync(machine)
    expect(fs.readdirSync(machine)).toEqual([])
    expect(code(() => fs.readFileSync('real.txt'))).toBe('ENOENT')
  })
})

describe('what was written', () => {
  it('is there in the next incarnation, to the byte', () => {
    const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, i) => (i * 7) % 256))
    fs.writeFileSync('/server.test/data/bytes', bytes)
    const fd = fs.openSync('/server.test/data/bytes', 'r+')
    fs.writeSync(fd, Buffer.from([1, 2, 3]), 0, 3, 5000)
    fs.ftruncateSync(fd, 9000)
    start()
    const kept = fs.readFileSync('/server.test/data/bytes')
    bytes.set([1, 2, 3], 5000)
    expect(kept.equals(bytes.subarray(0, 9000))).toBe(true)
  })

  it('is not kept after the death of the incarnation', () => {
    fs.writeFileSync('/server.test/data/file', 'before')
    isAlive = false
    fs.writeFileSync('/server.test/data/file', 'after')
    start()
    expect(fs.readFileSync('/server.test/data/file', 'utf8')).toBe('before')
  })

  it('moves with its folder, and replaces what was there', () => {
    fs.mkdirSync('/server.test/data/a/b', { recursive: true })
    const kinds = fs
      .readdirSync('/server.test/data', { withFileTypes: true })
      .map((entry) => [entry.name, entry.isDirectory(), entry.isFile()])
    expect(kinds).toContainEqual(['a', true, false])
    fs.writeFileSync('/server.test/data/a/b/c', 'moved')
    fs.renameSync('/server.test/data/a', '/server.test/data/z')
    fs.writeFileSync('/server.test/data/other', 'old')
    fs.renameSync('/server.test/data/z/b/c', '/server.test/data/other')
    start()
    expect(fs.readdirSync('/server.test/data', { recursive: true })).toEqual(['other', 'z', 'z/b'])
    expect(fs.readFileSync('/server.test/data/other', 'utf8')).toBe('moved')
  })

  it('can be reached by links', () => {
    fs.writeFileSync('/server.test/data/file', 'linked')
    fs.symlinkSync('data', '/server.test/link')
    fs.linkSync('/server.test/data/file', '/server.test/data/second')
    fs.appendFileSync('/server.test/link/second', ' twice')
    start()
    expect(fs.readFileSync('/server.test/link/file', 'utf8')).toBe('linked twice')
    expect(fs.lstatSync('/server.test/link').isSymbolicLink()).toBe(true)
    expect(fs.realpathSync('/server.test/link/file')).toBe('/server.test/data/file')
  })
})

describe('errors', () => {
  it('are those of Node', () => {
    const data = '/server.test/data'
    fs.writeFileSync(`${data}/file`, '')
    expect(() => fs.readFileSync(`${data}/none`)).toThrow(
      `ENOENT: no such file or directory, open '${data}/none'`,
    )
    expect(code(() => fs.writeFileSync(`${data}/none/file`, ''))).toBe('ENOENT')
    expect(code(() => fs.writeFileSync(`${data}/file/file`, ''))).toBe('ENOTDIR')
    expect(code(() => fs.writeFileSync(`${data}/file`, '', { flag: 'wx' }))).toBe('EEXIST')
    expect(code(() => fs.mkdirSync(data))).toBe('EEXIST')
    expect(code(() => fs.rmdirSync(data))).toBe('ENOTEMPTY')
    expect(code(() => fs.readFileSync(data))).toBe('EISDIR')
    expect(code(() => fs.readdirSync(`${data}/file`))).toBe('ENOTDIR')
    expect(code(() => fs.readSync(77, Buffer.alloc(1)))).toBe('EBADF')
    expect(code(() => fs.renameSync(`${data}/none`, `${data}/x`))).toBe('ENOENT')
  })
})

describe('the other forms', () => {
  it('call back, promise and stream', async () => {
    const path = '/server.test/data/log'
    const stream = fs.createWriteStream(path)
    stream.write('one\n')
    stream.end('two\n')
    await finished(stream)
    await fs.promises.appendFile(path, 'three\n')
    expect(await text(fs.createReadStream(path, { start: 4 }))).toBe('two\nthree\n')
    const [error, read] = await new Promise<unknown[]>((resolve) => {
      fs.readFile(path, 'utf8', (...result) => resolve(result))
    })
    expect([error, read]).toEqual([null, 'one\ntwo\nthree\n'])
    await expect(fs.promises.stat('/server.test/none')).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('open a file for several calls', async () => {
    const file = await fs.promises.open('/server.test/data/log', 'w+')
    await file.write('hello')
    await file.write(Buffer.from('J'), 0, 1, 0)
    const { bytesRead, buffer } = await file.read(Buffer.alloc(5), 0, 5, 0)
    expect([bytesRead, buffer.toString()]).toEqual([5, 'Jello'])
    expect((await file.stat()).size).toBe(5)
    await file.close()
    const lines = await fs.promises.open('/server.test/data/log')
    const found: string[] = []
    for await (const line of lines.readLines()) found.push(line)
    expect(found).toEqual(['Jello'])
  })

  it('refuse to watch', () => {
    expect(() => fs.watch('real.txt')).toThrow('files cannot be watched here')
  })
})
