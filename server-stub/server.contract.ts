import { describe, expect, it } from 'vitest'
import type { ServerDefinition } from '../harness/core/server.ts'
import { KEY_HEADER } from './protocol/messages.ts'
import { sessionResponseSchema } from './protocol/session.ts'
import {
  create,
  Replica,
  remove,
  SimulatedCrash,
  TestServer,
  update,
} from './testing/test-server.ts'

/** The contract of all sync servers. Parameters describe the differences of the variants. */
export function syncServerContract(
  definition: ServerDefinition,
  { remembersKeys }: { remembersKeys: boolean },
): void {
  describe(`sync server '${definition.name}'`, () => {
    it('makes one version and one commit per write, from creation to deletion', async () => {
      const server = new TestServer(definition)
      const stamp = server.stamp('ana')
      const results = await server.push([
        create({ stamp }),
        update({ stamp, base: 1 }),
        remove({ stamp, base: 2 }),
      ])
      expect(
        results.map(({ outcome, current }) => [
          outcome,
          current?.version,
          current?.seq,
          current?.deleted,
        ]),
      ).toEqual([
        ['applied', 1, 1, false],
        ['applied', 2, 2, false],
        ['applied', 3, 3, true],
      ])
      expect(server.dump).toMatchObject({
        position: 3,
        rows: [{ collection: 'notes', record: 'n1', version: 3, deleted: true, author: 'ana' }],
      })
    })

    it('records each commit before its outcome, and both before the response', async () => {
      const server = new TestServer(definition)
      const item = create(
        { stamp: server.stamp('ana'), record: 'local-7', key: 'k' },
        'Milk ⟦n1 ana-1⟧',
      )
      await server.push([item])
      const payload = { opId: 'ana-1', text: 'Milk', hash: expect.any(String) }
      const { epoch } = server.dump
      // Events name a record by its marker: the same name on all nodes.
      const about = {
        key: 'k',
        write: 'create',
        collection: 'notes',
        record: 'n1',
        base: 0,
        head: 0,
        stamp: item.stamp,
        author: 'ana',
      }
      expect(server.events).toEqual([
        { type: 'serverCommit', position: 1, version: 1, epoch, ...about, ...payload },
        { type: 'serverOutcome', requestId: 'r1', outcome: 'applied', ...about, ...payload },
      ])
    })

    it('writes the valid items of a push beside invalid ones', async () => {
      const server = new TestServer(definition)
      const stamp = server.stamp('ana')
      const results = await server.push([
        update({ stamp, record: 'unknown' }),
        create({ stamp }),
        {
          ...create({ stamp, record: 'deep' }),
          content: { text: 'x', nest: JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) },
        } as never,
        create({ stamp: 'yesterday', record: 'n2' }),
        update({ stamp, base: 1 }),
      ])
      expect(results.map(({ outcome, reason }) => [outcome, reason])).toEqual([
        ['rejected', 'unknown record'],
        ['applied', undefined],
        ['rejected', 'content is nested deeper than 32 levels'],
        ['rejected', 'stamp is not a hybrid logical clock stamp'],
        ['applied', undefined],
      ])
      expect(server.of('serverOutcome')).toHaveLength(5)
      expect(server.dump.rows).toHaveLength(1)
    })

    const returns = remembersKeys ? 'returns' : 'does not return'
    it(`${returns} the first result of a repeated write, after a restart too`, async () => {
      const server = new TestServer(definition)
      const first = create({ stamp: server.stamp('ana'), key: 'k1' }, 'mine')
      await server.push([first])
      server.restart()
      const again = await server.pushOne(first)
      expect(again.outcome).toBe(remembersKeys ? 'duplicate' : 'conflict')
      expect(again.current).toMatchObject({ version: 1, key: 'k1', content: { text: 'mine' } })
      expect(server.of('serverCommit')).toHaveLength(1)
    })

    const decides = remembersKeys ? 'does not decide' : 'decides'
    it(`${decides} again on a late retry after others wrote`, async () => {
      const server = new TestServer(definition)
      const mine = create({ stamp: server.stamp('ana'), key: 'k1' }, 'mine')
      await server.push([mine])
      await server.push([update({ stamp: server.stamp('ben', 5), base: 1 }, 'theirs')], 'ben')
      const retry = await server.pushOne(mine)
      expect(retry.outcome).toBe(remembersKeys ? 'duplicate' : 'conflict')
      expect(retry.current).toMatchObject({ version: 2, content: { text: 'theirs' } })
    })

    if (remembersKeys) {
      it('rejects a key that was used for another record', async () => {
        const server = new TestServer(definition)
        const stamp = server.stamp('ana')
        await server.push([create({ stamp, key: 'k1' })])
        expect(await server.pushOne(create({ stamp, key: 'k1', record: 'n2' }))).toMatchObject({
          outcome: 'rejected',
          reason: 'idempotency key was used for another record',
        })
        expect(
          (await server.send('POST', '/messages', { id: 'k1', conversation: 'c', text: 'x' }))
            .status,
        ).toBe(409)
        expect(server.dump.rows).toHaveLength(1)
      })
    }

    it('returns the first result of a repeated conflict or rejection', async () => {
      const server = new TestServer(definition, 'server-wins')
      await server.push([create({ stamp: server.stamp('ana') })])
      await server.push([update({ stamp: server.stamp('ana', 1), base: 1, key: 'winner' })])
      const losing = update({ stamp: server.stamp('ben'), base: 1, key: 'late' }, 'lost')
      const wrong = update({ stamp: server.stamp('ben'), record: 'unknown' })
      const first = await server.push([losing, wrong], 'ben')
      server.restart()
      expect(await server.push([losing, wrong], 'ben')).toEqual(first)
      expect(first.map(({ outcome }) => outcome)).toEqual(['conflict', 'rejected'])
      expect(server.of('serverOutcome').filter(({ key }) => key === 'late')).toMatchObject([
        { winner: 'winner' },
        { winner: 'winner' },
      ])
      // Only a server that remembers the key recognizes the repeated write.
      expect(server.dump.conflicts).toHaveLength(remembersKeys ? 1 : 2)
    })

    it('loses a write in a crash before its commit, and keeps it in a crash after', async () => {
      const server = new TestServer(definition)
      const item = create({ stamp: server.stamp('ana'), key: 'k1' })
      server.crashAt = 'before-commit'
      await expect(server.push([item])).rejects.toThrow(SimulatedCrash)
      server.restart()
      expect(server.dump).toMatchObject({ position: 0, rows: [] })
      server.crashAt = 'after-commit'
      await expect(server.push([item])).rejects.toThrow(SimulatedCrash)
      server.restart()
      expect(server.dump).toMatchObject({ position: 1, rows: [{ record: 'n1' }] })
      expect(
        server.of('serverCommit').map(({ position, recovered }) => [position, recovered]),
      ).toEqual([[1, undefined]])
      expect((await server.pushOne(item)).outcome).toBe(remembersKeys ? 'duplicate' : 'conflict')
    })

    it('reaches the after-commit checkpoint only for a write that it commits', async () => {
      const server = new TestServer(definition)
      const item = create({ stamp: server.stamp('ana') })
      await server.push([item])
      server.crashAt = 'after-commit'
      const again = server.push([item])
      if (remembersKeys) expect(await again).toMatchObject([{ outcome: 'duplicate' }])
      else await expect(again).rejects.toThrow(SimulatedCrash)
    })

    it('reports unreported commits at its next start, once each', async () => {
      const server = new TestServer(definition)
      await server.push([create({ stamp: server.stamp('ana') })])
      server.mute = true
      await server.push([
        update({ stamp: server.stamp('ana'), base: 1, key: 'k2' }, 'unseen ⟦n1 ana-2⟧'),
      ])
      server.restart()
      server.restart()
      const { epoch } = server.dump
      expect(server.of('serverCommit').slice(1)).toEqual([
        expect.objectContaining({
          recovered: true,
          position: 2,
          epoch,
          key: 'k2',
          version: 2,
          base: 1,
          head: 1,
          opId: 'ana-2',
          text: 'unseen',
        }),
      ])
    })

    it('returns tombstones after a cursor, but not on the first page of a resync', async () => {
      const server = new TestServer(definition)
      const stamp = server.stamp('ana')
      const follower = new Replica()
      await server.push([create({ stamp, record: 'a' }), create({ stamp, record: 'b' })])
      await follower.page(server, 10)
      await server.push([remove({ stamp, record: 'a', base: 1 })])
      const news = await server.changes(`epoch=${follower.epoch}&after=${follower.cursor}`)
      expect(news.changes).toMatchObject([{ record: 'a', deleted: true, version: 2 }])
      expect(news.changes[0]).not.toHaveProperty('content')
      const beginner = await server.changes('after=0')
      expect(beginner).toMatchObject({ changes: [{ record: 'b' }], next: 3, more: false })
    })

    it('returns a tombstone in a resync for a record that an earlier page showed', async () => {
      const server = new TestServer(definition)
      const stamp = server.stamp('ana')
      await server.push(['a', 'b', 'c'].map((record) => create({ stamp, record })))
      const replica = new Replica()
      expect(await replica.page(server, 1)).toBe(true)
      await server.push([remove({ stamp, record: 'a', base: 1 })])
      while (await replica.page(server, 1));
      expect([...replica.records.keys()]).toEqual(['notes/b', 'notes/c'])
    })

    it('requires a resync for a cursor of another epoch or beyond its commits', async () => {
      const [server, other] = [new TestServer(definition), new TestServer(definition)]
      await server.push([create({ stamp: server.stamp('ana') })])
      for (const query of ['epoch=lost&after=1', `epoch=${other.dump.epoch}&after=2`]) {
        const response = await server.send('GET', `/changes?${query}`)
        expect(response.status).toBe(410)
        expect(JSON.parse(response.body)).toEqual({
          error: 'resync',
          epoch: server.dump.epoch,
          newest: 1,
        })
      }
      expect((await server.send('GET', '/changes?after=1')).status).toBe(400)
      expect((await server.changes('after=0')).changes).toHaveLength(1)
    })

    it('keeps its epoch over restarts', async () => {
      const server = new TestServer(definition)
      const { epoch } = server.dump
      await server.push([create({ stamp: server.stamp('ana') })])
      server.restart()
      expect(server.dump.epoch).toBe(epoch)
    })

    it('ends a page early if its records are large', async () => {
      const server = new TestServer(definition)
      const stamp = server.stamp('ana')
      for (const record of ['a', 'b', 'c'])
        await server.push([create({ stamp, record }, 'x'.repeat(1_200_000))])
      const pages = []
      for (let after = 0, more = true; more; ) {
        const page = await server.changes(`epoch=${server.dump.epoch}&after=${after}`)
        pages.push(page.changes.length)
        after = page.next
        more = page.more
      }
      expect(pages).toEqual([1, 1, 1])
    })

    it.each([
      ['lone surrogates', '\ud800 and \udc00, reversed: \udc00\ud800'],
      [
        'control characters',
        `${Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('')}\u007f\u2028\u2029\ufeff`,
      ],
      ['markup', '</script><img src=x onerror=alert(1)> <!-- ]]> & &amp; "\''],
      ['a megabyte', '😀'.repeat(262_144)],
    ])('stores and returns %s unchanged', async (_, text) => {
      const server = new TestServer(definition)
      const stamp = server.stamp('ana')
      const content = { text, [text.slice(0, 40)]: [text.slice(0, 40), null, -1.5, { '': true }] }
      const { current } = await server.pushOne({ ...create({ stamp }), content } as never)
      expect(current?.content).toEqual(content)
      expect((await server.changes('after=0')).changes[0]?.content).toEqual(content)
      expect(server.dump.rows[0]?.content).toEqual(content)
      await server.post({ conversation: text.slice(0, 40), text })
      expect((await server.messages())[0]).toMatchObject({ conversation: text.slice(0, 40), text })
      const { body } = await server.send('GET', '/changes?after=0')
      expect(body.isWellFormed()).toBe(true)
    })

    describe('plain REST messages', () => {
      it('stores REST messages in the same records as pushes', async () => {
        const server = new TestServer(definition)
        const { timestamp } = await server.post({ conversation: 'c', text: 'Hi ⟦m1 ana-1⟧' })
        await server.pushOne(
          create({ stamp: server.stamp('ben'), collection: 'messages' }, 'Hello'),
          'ben',
        )
        expect((await server.messages()).map(({ text, author }) => [text, author])).toEqual([
          ['Hi ⟦m1 ana-1⟧', 'ana'],
          ['Hello', 'ben'],
        ])
        expect(await server.messages(timestamp)).toMatchObject([{ text: 'Hello' }])
        expect((await server.changes('after=0')).changes).toHaveLength(2)
        expect(server.dump.rows.map(({ record }) => record)).toContain('m1')
        // This interface transports no versions or stamps, so events contain none.
        expect(server.of('serverCommit')[0]).not.toHaveProperty('base')
        expect(server.of('serverOutcome')[0]).toMatchObject({
          outcome: 'applied',
          opId: 'ana-1',
          requestId: 'r1',
        })
      })

      it('edits and deletes a REST message, whoever wrote it', async () => {
        const server = new TestServer(definition)
        const { id } = await server.post({ conversation: 'c', text: 'Hi ⟦m1 ana-1⟧' })
        const edited = await server.rest('PUT', id, { conversation: 'c', text: 'Hi!' }, 'ben')
        expect([edited.status, JSON.parse(edited.body).id]).toEqual([200, id])
        expect(await server.messages()).toMatchObject([{ id, text: 'Hi!', author: 'ben' }])
        expect((await server.rest('DELETE', id)).status).toBe(200)
        expect(await server.messages()).toEqual([])
        expect(server.of('serverCommit').map(({ write, record }) => [write, record])).toEqual([
          ['create', 'm1'],
          ['update', 'm1'],
          ['delete', 'm1'],
        ])
      })

      if (remembersKeys) {
        it('refuses a second message of one id, unless the first was deleted', async () => {
          const server = new TestServer(definition)
          const send = (key: string) =>
            server.rest('POST', '', { id: 'm1', conversation: 'c', text: key }, 'ana', {
              [KEY_HEADER]: key,
            })
          expect((await send('k1')).status).toBe(201)
          expect((await send('k2')).status).toBe(409)
          await server.rest('DELETE', 'm1')
          expect((await send('k1')).status).toBe(201)
          expect(await server.messages()).toEqual([])
          expect((await send('k3')).status).toBe(201)
          expect(await server.messages()).toMatchObject([{ id: 'm1', text: 'k3' }])
        })
      }

      it('refuses REST writes to what is not there, with the epoch', async () => {
        const server = new TestServer(definition)
        const { id } = await server.post({ conversation: 'c', text: 'Hi' })
        await server.rest('DELETE', id)
        const content = { conversation: 'c', text: 'x' }
        const refusals = [
          await server.rest('PUT', id, content),
          await server.rest('DELETE', id),
          await server.rest('PUT', 'unknown', content),
          await server.rest('DELETE', 'unknown'),
        ]
        expect(refusals.map(({ status }) => status)).toEqual([410, 410, 404, 404])
        const { epoch } = server.dump
        for (const { body } of refusals) expect(JSON.parse(body)).toMatchObject({ epoch })
      })

      it(`${returns} the first result of a repeated REST edit after others wrote`, async () => {
        const server = new TestServer(definition)
        const { id } = await server.post({ conversation: 'c', text: 'Hi' })
        const edit = (text: string, key: string) =>
          server.rest('PUT', id, { conversation: 'c', text }, 'ana', { [KEY_HEADER]: key })
        const first = await edit('mine', 'k1')
        await edit('theirs', 'k2')
        server.restart()
        const again = await edit('mine', 'k1')
        expect(again.body === first.body).toBe(remembersKeys)
        expect((await server.messages())[0]?.text).toBe(remembersKeys ? 'theirs' : 'mine')
      })

      it('keeps the place of an edited REST message, and omits a deleted one', async () => {
        const server = new TestServer(definition)
        const stamp = server.stamp('ana')
        const about = { collection: 'messages', stamp }
        await server.push([
          create({ ...about, record: 'm1' }, 'one'),
          create({ ...about, record: 'm2' }, 'two'),
        ])
        const before = await server.messages()
        await server.push([update({ ...about, record: 'm1', base: 1 }, 'one, mended')])
        expect(await server.messages()).toEqual([{ ...before[0], text: 'one, mended' }, before[1]])
        await server.push([remove({ ...about, record: 'm1', base: 2 })])
        expect(await server.messages()).toEqual([before[1]])
      })

      it('gives REST messages increasing timestamps, even if the clock goes back', async () => {
        const server = new TestServer(definition)
        const stamps: number[] = []
        for (const skew of [0, 0, -3_600_000, 10, 0]) {
          server.skewMs = skew
          stamps.push((await server.post({ conversation: 'c', text: 'x' })).timestamp)
          server.restart()
        }
        expect(stamps).toEqual([...new Set(stamps)].sort((a, b) => a - b))
        expect((await server.messages()).map(({ timestamp }) => timestamp)).toEqual(stamps)
      })

      it(`stores a REST message sent again ${remembersKeys ? 'once' : 'each time'}`, async () => {
        const server = new TestServer(definition)
        const message = { id: 'local-1', conversation: 'c', text: 'Hi ⟦m1 ana-1⟧' }
        server.crashAt = 'after-commit'
        await expect(server.post(message)).rejects.toThrow(SimulatedCrash)
        server.restart()
        const second = await server.post(message)
        const third = await server.post(message)
        expect(second.timestamp === third.timestamp).toBe(remembersKeys)
        expect(await server.messages()).toHaveLength(remembersKeys ? 1 : 3)
        expect(server.of('serverCommit').map(({ key }) => key)).toEqual(
          remembersKeys ? ['local-1'] : ['local-1', 'local-1', 'local-1'],
        )
        if (remembersKeys) expect(second.id).toBe('local-1')
        else expect(new Set([second.id, third.id, 'local-1']).size).toBe(3)
      })

      it('reaches the checkpoints for crashes also for REST messages', async () => {
        const server = new TestServer(definition)
        server.crashAt = 'before-commit'
        await expect(server.post({ conversation: 'c', text: 'x' })).rejects.toThrow(SimulatedCrash)
        server.restart()
        expect(await server.messages()).toEqual([])
      })
    })

    it('makes a new token for each session, and changes nothing else', async () => {
      const server = new TestServer(definition)
      const tokenOf = async () => {
        const response = await server.send('POST', '/session')
        expect(response.status).toBe(200)
        return sessionResponseSchema.parse(JSON.parse(response.body)).token
      }
      expect(await tokenOf()).not.toBe(await tokenOf())
      expect(server.events).toEqual([])
    })

    it('accepts any token, and none', async () => {
      const server = new TestServer(definition)
      const changes = (headers: Record<string, string>) =>
        server.handle({ method: 'GET', path: '/changes?after=0', headers })
      const statuses = [await changes({}), await changes({ authorization: 'Bearer old' })]
      expect(statuses.map(({ status }) => status)).toEqual([200, 200])
    })
  })
}
