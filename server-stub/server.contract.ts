import { describe, expect, it } from 'vitest'
import type { ServerDefinition } from '../harness/core/server.ts'
import { Bench, create, Death, Replica, remove, update } from './testing/bench.ts'

/** What every sync server keeps. What the variants differ in is a parameter. */
export function syncServerContract(
  definition: ServerDefinition,
  { remembersKeys }: { remembersKeys: boolean },
): void {
  describe(`sync server '${definition.name}'`, () => {
    it('takes a record through its life, one version and one commit a write', async () => {
      const bench = new Bench(definition)
      const stamp = bench.stamp('ana')
      const results = await bench.push([
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
      expect(bench.dump).toMatchObject({
        position: 3,
        rows: [{ collection: 'notes', record: 'n1', version: 3, deleted: true, author: 'ana' }],
      })
    })

    it('records each commit before the outcome, and both before it answers', async () => {
      const bench = new Bench(definition)
      const item = create(
        { stamp: bench.stamp('ana'), record: 'local-7', key: 'k' },
        'Milk ⟦n1 ana-1⟧',
      )
      await bench.push([item])
      const payload = { op: 'ana-1', text: 'Milk', hash: expect.any(String) }
      const { epoch } = bench.dump
      // Records go by the name in the marker, on all nodes the same.
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
      expect(bench.events).toEqual([
        { type: 'serverCommit', position: 1, version: 1, epoch, ...about, ...payload },
        { type: 'serverOutcome', req: 'r1', outcome: 'applied', ...about, ...payload },
      ])
    })

    it('carries out good items of a push beside bad ones', async () => {
      const bench = new Bench(definition)
      const stamp = bench.stamp('ana')
      const results = await bench.push([
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
      expect(bench.of('serverOutcome')).toHaveLength(5)
      expect(bench.dump.rows).toHaveLength(1)
    })

    it(`${remembersKeys ? 'gives' : 'does not give'} a repeated write its first outcome, after a restart too`, async () => {
      const bench = new Bench(definition)
      const first = create({ stamp: bench.stamp('ana'), key: 'k1' }, 'mine')
      await bench.push([first])
      bench.restart()
      const again = await bench.pushOne(first)
      expect(again.outcome).toBe(remembersKeys ? 'duplicate' : 'conflict')
      expect(again.current).toMatchObject({ version: 1, key: 'k1', content: { text: 'mine' } })
      expect(bench.of('serverCommit')).toHaveLength(1)
    })

    it(`${remembersKeys ? 'keeps' : 'does not keep'} a late retry from being judged anew when others wrote meanwhile`, async () => {
      const bench = new Bench(definition)
      const mine = create({ stamp: bench.stamp('ana'), key: 'k1' }, 'mine')
      await bench.push([mine])
      await bench.push([update({ stamp: bench.stamp('ben', 5), base: 1 }, 'theirs')], 'ben')
      const retry = await bench.pushOne(mine)
      expect(retry.outcome).toBe(remembersKeys ? 'duplicate' : 'conflict')
      expect(retry.current).toMatchObject({ version: 2, content: { text: 'theirs' } })
    })

    if (remembersKeys) {
      it('takes a key that was used for another record for the mistake it is', async () => {
        const bench = new Bench(definition)
        const stamp = bench.stamp('ana')
        await bench.push([create({ stamp, key: 'k1' })])
        expect(await bench.pushOne(create({ stamp, key: 'k1', record: 'n2' }))).toMatchObject({
          outcome: 'rejected',
          reason: 'idempotency key was used for another record',
        })
        expect(
          (await bench.send('POST', '/messages', { id: 'k1', conversation: 'c', text: 'x' }))
            .status,
        ).toBe(409)
        expect(bench.dump.rows).toHaveLength(1)
      })
    }

    it('answers a repeated conflict or rejection as at first', async () => {
      const bench = new Bench(definition, 'server-wins')
      await bench.push([create({ stamp: bench.stamp('ana') })])
      await bench.push([update({ stamp: bench.stamp('ana', 1), base: 1, key: 'winner' })])
      const losing = update({ stamp: bench.stamp('ben'), base: 1, key: 'late' }, 'lost')
      const wrong = update({ stamp: bench.stamp('ben'), record: 'unknown' })
      const first = await bench.push([losing, wrong], 'ben')
      bench.restart()
      expect(await bench.push([losing, wrong], 'ben')).toEqual(first)
      expect(first.map(({ outcome }) => outcome)).toEqual(['conflict', 'rejected'])
      expect(bench.of('serverOutcome').filter(({ key }) => key === 'late')).toMatchObject([
        { winner: 'winner' },
        { winner: 'winner' },
      ])
      // Only a server that remembers the key knows that it is the same loss.
      expect(bench.dump.conflicts).toHaveLength(remembersKeys ? 1 : 2)
    })

    it('keeps nothing of a write at whose commit it died, and loses nothing of one that was committed', async () => {
      const bench = new Bench(definition)
      const item = create({ stamp: bench.stamp('ana'), key: 'k1' })
      bench.crashAt = 'before-commit'
      await expect(bench.push([item])).rejects.toThrow(Death)
      bench.restart()
      expect(bench.dump).toMatchObject({ position: 0, rows: [] })
      bench.crashAt = 'after-commit'
      await expect(bench.push([item])).rejects.toThrow(Death)
      bench.restart()
      expect(bench.dump).toMatchObject({ position: 1, rows: [{ record: 'n1' }] })
      expect(
        bench.of('serverCommit').map(({ position, recovered }) => [position, recovered]),
      ).toEqual([[1, undefined]])
      expect((await bench.pushOne(item)).outcome).toBe(remembersKeys ? 'duplicate' : 'conflict')
    })

    it('has nothing to commit for a write that it remembers, so no crash point either', async () => {
      const bench = new Bench(definition)
      const item = create({ stamp: bench.stamp('ana') })
      await bench.push([item])
      bench.crashAt = 'after-commit'
      const again = bench.push([item])
      if (remembersKeys) expect(await again).toMatchObject([{ outcome: 'duplicate' }])
      else await expect(again).rejects.toThrow(Death)
    })

    it('reports at its next start the commits it could not report, once each', async () => {
      const bench = new Bench(definition)
      await bench.push([create({ stamp: bench.stamp('ana') })])
      bench.mute = true
      await bench.push([
        update({ stamp: bench.stamp('ana'), base: 1, key: 'k2' }, 'unseen ⟦n1 ana-2⟧'),
      ])
      bench.restart()
      bench.restart()
      const { epoch } = bench.dump
      expect(bench.of('serverCommit').slice(1)).toEqual([
        expect.objectContaining({
          recovered: true,
          position: 2,
          epoch,
          key: 'k2',
          version: 2,
          base: 1,
          head: 1,
          op: 'ana-2',
          text: 'unseen',
        }),
      ])
    })

    it('shows deletions to those who may know the record, and to nobody who begins', async () => {
      const bench = new Bench(definition)
      const stamp = bench.stamp('ana')
      const follower = new Replica()
      await bench.push([create({ stamp, record: 'a' }), create({ stamp, record: 'b' })])
      await follower.page(bench, 10)
      await bench.push([remove({ stamp, record: 'a', base: 1 })])
      const news = await bench.changes(`epoch=${follower.epoch}&after=${follower.cursor}`)
      expect(news.changes).toMatchObject([{ record: 'a', deleted: true, version: 2 }])
      expect(news.changes[0]).not.toHaveProperty('content')
      const beginner = await bench.changes('after=0')
      expect(beginner).toMatchObject({ changes: [{ record: 'b' }], next: 3, more: false })
    })

    it('shows in a later page of a resync what was deleted after an earlier page had shown it', async () => {
      const bench = new Bench(definition)
      const stamp = bench.stamp('ana')
      await bench.push(['a', 'b', 'c'].map((record) => create({ stamp, record })))
      const replica = new Replica()
      expect(await replica.page(bench, 1)).toBe(true)
      await bench.push([remove({ stamp, record: 'a', base: 1 })])
      while (await replica.page(bench, 1));
      expect([...replica.records.keys()]).toEqual(['notes/b', 'notes/c'])
    })

    it('orders a resync when the cursor is of another epoch, or of commits it never had', async () => {
      const [bench, other] = [new Bench(definition), new Bench(definition)]
      await bench.push([create({ stamp: bench.stamp('ana') })])
      for (const query of ['epoch=lost&after=1', `epoch=${other.dump.epoch}&after=2`]) {
        const response = await bench.send('GET', `/changes?${query}`)
        expect(response.status).toBe(410)
        expect(JSON.parse(response.body)).toEqual({ error: 'resync', epoch: bench.dump.epoch })
      }
      expect((await bench.send('GET', '/changes?after=1')).status).toBe(400)
      expect((await bench.changes('after=0')).changes).toHaveLength(1)
    })

    it('keeps its epoch over restarts', async () => {
      const bench = new Bench(definition)
      const { epoch } = bench.dump
      await bench.push([create({ stamp: bench.stamp('ana') })])
      bench.restart()
      expect(bench.dump.epoch).toBe(epoch)
    })

    it('ends a page early when its records are heavy', async () => {
      const bench = new Bench(definition)
      const stamp = bench.stamp('ana')
      for (const record of ['a', 'b', 'c'])
        await bench.push([create({ stamp, record }, 'x'.repeat(1_200_000))])
      const pages = []
      for (let after = 0, more = true; more; ) {
        const page = await bench.changes(`epoch=${bench.dump.epoch}&after=${after}`)
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
    ])('gives %s back unharmed', async (_, text) => {
      const bench = new Bench(definition)
      const stamp = bench.stamp('ana')
      const content = { text, [text.slice(0, 40)]: [text.slice(0, 40), null, -1.5, { '': true }] }
      const { current } = await bench.pushOne({ ...create({ stamp }), content } as never)
      expect(current?.content).toEqual(content)
      expect((await bench.changes('after=0')).changes[0]?.content).toEqual(content)
      expect(bench.dump.rows[0]?.content).toEqual(content)
      await bench.post({ conversation: text.slice(0, 40), text })
      expect((await bench.messages())[0]).toMatchObject({ conversation: text.slice(0, 40), text })
      const { body } = await bench.send('GET', '/changes?after=0')
      expect(body.isWellFormed()).toBe(true)
    })

    describe('plain REST messages', () => {
      it('are on the same records as pushes', async () => {
        const bench = new Bench(definition)
        const { timestamp } = await bench.post({ conversation: 'c', text: 'Hi ⟦m1 ana-1⟧' })
        await bench.pushOne(
          create({ stamp: bench.stamp('ben'), collection: 'messages' }, 'Hello'),
          'ben',
        )
        expect((await bench.messages()).map(({ text, author }) => [text, author])).toEqual([
          ['Hi ⟦m1 ana-1⟧', 'ana'],
          ['Hello', 'ben'],
        ])
        expect(await bench.messages(timestamp)).toMatchObject([{ text: 'Hello' }])
        expect((await bench.changes('after=0')).changes).toHaveLength(2)
        expect(bench.dump.rows.map(({ record }) => record)).toContain('m1')
        // Its protocol tells no versions and no stamps, so the history claims none.
        expect(bench.of('serverCommit')[0]).not.toHaveProperty('base')
        expect(bench.of('serverOutcome')[0]).toMatchObject({
          outcome: 'applied',
          op: 'ana-1',
          req: 'r1',
        })
      })

      it('stay where they are in the order when they are edited, and go when they are deleted', async () => {
        const bench = new Bench(definition)
        const stamp = bench.stamp('ana')
        const about = { collection: 'messages', stamp }
        await bench.push([
          create({ ...about, record: 'm1' }, 'one'),
          create({ ...about, record: 'm2' }, 'two'),
        ])
        const before = await bench.messages()
        await bench.push([update({ ...about, record: 'm1', base: 1 }, 'one, mended')])
        expect(await bench.messages()).toEqual([{ ...before[0], text: 'one, mended' }, before[1]])
        await bench.push([remove({ ...about, record: 'm1', base: 2 })])
        expect(await bench.messages()).toEqual([before[1]])
      })

      it('have timestamps that rise whatever the server clock does', async () => {
        const bench = new Bench(definition)
        const stamps: number[] = []
        for (const skew of [0, 0, -3_600_000, 10, 0]) {
          bench.skew = skew
          stamps.push((await bench.post({ conversation: 'c', text: 'x' })).timestamp)
          bench.restart()
        }
        expect(stamps).toEqual([...new Set(stamps)].sort((a, b) => a - b))
        expect((await bench.messages()).map(({ timestamp }) => timestamp)).toEqual(stamps)
      })

      it(`sent twice are there ${remembersKeys ? 'once' : 'twice'}`, async () => {
        const bench = new Bench(definition)
        const message = { id: 'local-1', conversation: 'c', text: 'Hi ⟦m1 ana-1⟧' }
        bench.crashAt = 'after-commit'
        await expect(bench.post(message)).rejects.toThrow(Death)
        bench.restart()
        const second = await bench.post(message)
        const third = await bench.post(message)
        expect(second.timestamp === third.timestamp).toBe(remembersKeys)
        expect(await bench.messages()).toHaveLength(remembersKeys ? 1 : 3)
        expect(bench.of('serverCommit').map(({ key }) => key)).toEqual(
          remembersKeys ? ['local-1'] : ['local-1', 'local-1', 'local-1'],
        )
        if (remembersKeys) expect(second.id).toBe('local-1')
        else expect(new Set([second.id, third.id, 'local-1']).size).toBe(3)
      })

      it('die at their checkpoints too', async () => {
        const bench = new Bench(definition)
        bench.crashAt = 'before-commit'
        await expect(bench.post({ conversation: 'c', text: 'x' })).rejects.toThrow(Death)
        bench.restart()
        expect(await bench.messages()).toEqual([])
      })
    })
  })
}
