import { describe, expect, it } from 'vitest'
import type { Action } from '../../harness/core/action.ts'
import type { HttpRequest } from '../../harness/core/ports/http.ts'
import { edit, message, refresh, remove } from '../../harness/testing/actions.ts'
import { LocalServer } from '../../harness/testing/local-server.ts'
import type { Network } from '../../harness/testing/network.ts'
import type { Phone } from '../../harness/testing/phone.ts'
import dedup from '../../server-stub/variants/dedup.ts'
import { eventsOf, itemsOf, pushesOf, setUp } from './testing/setup.ts'

/** The seed makes the server's epoch: a backup with the same seed has the same one. */
const SEEDS = { 'the same epoch': 7, 'a new epoch': 8 }
const epochs = Object.entries(SEEDS)

/**
 * Two phones, and a server with a backup that gets each request until `restore()`. Then the backup
 * answers: the server was restored from an older state.
 */
async function setUpBackup(seed: number, policy = 'last-write-wins') {
  const { clock, phone } = setUp({ policy })
  const backup = new LocalServer(dedup, { clock, seed, policy })
  let isBackedUp = true
  let isRestored = false
  const network: Network = async (request, forward) => {
    if (isRestored) return backup.handle(request)
    if (isBackedUp) await backup.handle(withoutEpoch(request))
    return forward()
  }
  const [ana, ben] = [phone('ana', { network }), phone('ben', { network })]
  await Promise.all([ana.start(), ben.start()])
  await clock.advance(1_000)
  return {
    clock,
    ana,
    ben,
    backup,
    /** From now on the backup gets nothing. */
    endBackup: () => {
      isBackedUp = false
    },
    restore: () => {
      isRestored = true
    },
  }
}

/** Ben's message b is in the backup. What Ana does to it is not, and the backup is restored. */
async function loseWriteToB(action: Action, seed: number, policy?: string) {
  const phones = await setUpBackup(seed, policy)
  const { clock, ana, ben, endBackup, restore } = phones
  ben.perform(message('b'))
  await clock.advance(20_000)
  endBackup()
  ana.perform(action)
  await clock.advance(20_000)
  restore()
  await clock.advance(90_000)
  return phones
}

/** The push as the backup would have got it when it was still the server. */
const withoutEpoch = (request: HttpRequest): HttpRequest =>
  request.path === '/push'
    ? { ...request, body: JSON.stringify({ items: itemsOf(request) }) }
    : request

const keysOf = (phone: Phone, record: string) =>
  new Set(
    pushesOf(phone)
      .flatMap(itemsOf)
      .filter((item) => item.record === record)
      .map(({ key }) => key),
  )

describe.each(epochs)('after the server was restored from an older state, in %s', (_, seed) => {
  it('sends an acknowledged message again that is missing, once and with its key', async () => {
    const { clock, ana, ben, backup, endBackup, restore } = await setUpBackup(seed)
    ana.perform(message('a'))
    await clock.advance(20_000)
    endBackup()
    ana.perform(message('b'))
    await clock.advance(20_000)
    expect(await ana.view()).toMatchObject({ allSynced: true, outbox: [] })
    restore()
    await clock.advance(90_000)
    expect(backup.rows()).toEqual(['record-a a', 'record-b b'])
    expect(keysOf(ana, 'record-b').size).toBe(1)
    expect(backup.commits()).toHaveLength(2)
    expect(await ana.screen()).toEqual(['a sent', 'b sent'])
    expect(await ben.screen()).toEqual(['a sent', 'b sent'])
    expect(eventsOf(ana, 'note')).toMatchObject([{ opId: 'b' }])
  })

  it('sends it after a kill in the middle, too', async () => {
    const { clock, ana, backup, endBackup, restore } = await setUpBackup(seed)
    endBackup()
    ana.perform(message('a'))
    await clock.advance(20_000)
    restore()
    ana.killAtCommit = { skip: 2, moment: 'after' }
    await clock.advance(30_000)
    await ana.start()
    await clock.advance(90_000)
    expect(backup.rows()).toEqual(['record-a a'])
    expect(await ana.screen()).toEqual(['a sent'])
  })

  it('sends an acknowledged edit again whose record is there in an older version', async () => {
    const { ben, backup } = await loseWriteToB(edit('better', 'b'), seed)
    expect(backup.rows()).toEqual(['record-b better'])
    expect(await ben.screen()).toEqual(['better sent'])
  })

  it('shows an acknowledged edit that loses the conflict the second time', async () => {
    const { ana } = await loseWriteToB(edit('better', 'b'), seed, 'server-wins')
    expect(await ana.screen()).toEqual(['b sent'])
    expect((await ana.view()).conflicts).toMatchObject([{ content: { text: 'better' } }])
  })

  it('sends an acknowledged deletion again', async () => {
    const { ana, ben, backup } = await loseWriteToB(remove('removal', 'b'), seed)
    expect(backup.rows()).toEqual([])
    expect([await ana.screen(), await ben.screen()]).toEqual([[], []])
  })

  it('does not bring back what another person deleted before the backup ended', async () => {
    const { clock, ana, ben, backup, endBackup, restore } = await setUpBackup(seed)
    ana.perform(message('a'))
    await clock.advance(20_000)
    ana.kill()
    ben.perform(remove('removal', 'a'))
    ben.perform(message('b'))
    await clock.advance(20_000)
    endBackup()
    ben.perform(message('c'))
    await clock.advance(20_000)
    restore()
    await ana.start()
    await clock.advance(90_000)
    expect(backup.rows()).toEqual(['record-b b', 'record-c c'])
    expect(await ana.screen()).toEqual(['b sent', 'c sent'])
    expect((await ana.view()).allSynced).toBe(true)
  })

  const follows = seed === SEEDS['a new epoch']
  const outcome = follows ? 'lets it follow' : 'shows it as failed, with its text'
  it(`does not lose a pending edit of a lost message: ${outcome}`, async () => {
    const { clock, ana, backup, endBackup, restore } = await setUpBackup(seed)
    endBackup()
    ana.perform(message('a'))
    await clock.advance(20_000)
    restore()
    ana.perform(edit('a2', 'a'))
    await clock.advance(90_000)
    expect(await ana.screen()).toEqual([follows ? 'a2 sent' : 'a2 failed'])
    expect(backup.rows()).toEqual([follows ? 'record-a a2' : 'record-a a'])
    expect(await ana.view()).toMatchObject({ pending: 0, conflicts: [] })
  })

  it("does not send another person's lost message", async () => {
    const { clock, ana, ben, backup, endBackup, restore } = await setUpBackup(seed)
    endBackup()
    ben.perform(message('b'))
    await clock.advance(20_000)
    ben.kill()
    restore()
    ana.perform(refresh('r'))
    await clock.advance(90_000)
    expect(backup.rows()).toEqual([])
    await ben.start()
    await clock.advance(30_000)
    expect(backup.rows()).toEqual(['record-b b'])
    expect(await ana.screen()).toEqual(['b sent'])
  })
})

it('does not send a message again that another person deleted, after a resync', async () => {
  const { clock, server, phone } = setUp()
  const [ana, ben] = [phone('ana'), phone('ben')]
  await Promise.all([ana.start(), ben.start()])
  ana.perform(message('a'))
  await clock.advance(20_000)
  ana.kill()
  ben.perform(remove('removal', 'a'))
  await clock.advance(20_000)
  // As after a purge: the server demands a resync, which contains no tombstone.
  ana.network = async (request, forward) => {
    const { epoch } = server.dump()
    const isOldCursor = request.path.startsWith('/changes?epoch')
    return isOldCursor
      ? { ...(await forward()), status: 410, body: JSON.stringify({ error: 'resync', epoch }) }
      : forward()
  }
  await ana.start()
  await clock.advance(90_000)
  expect(await ana.screen()).toEqual([])
  expect(server.rows()).toEqual([])
})
