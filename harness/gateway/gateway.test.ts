import { describe, expect, it } from 'vitest'
import type { Interception, InterceptionAct, Moment } from '../core/interception.ts'
import { FakeGateway } from './testing/fake-passage.ts'

const on = (act: InterceptionAct, match: Interception['match'] = {}): Interception => ({
  match,
  act,
})
const respond = (moment: Moment, status = 503): InterceptionAct => ({
  type: 'respond',
  moment,
  replacement: { status, headers: {}, body: { text: '' } },
})
const delay = (moment: Moment, ms: number): InterceptionAct => ({ type: 'delay', moment, ms })
const kill = (moment: Moment, node: string, window?: string): InterceptionAct => ({
  type: 'kill',
  moment,
  node,
  ...(window !== undefined && { window }),
})
const lose = (breakAfter?: number): InterceptionAct => ({
  type: 'lose-response',
  ...(breakAfter !== undefined && { breakAfter }),
})

describe('the gateway', () => {
  it('passes everything while nothing is intercepted, and records nothing', () => {
    const at = new FakeGateway()
    expect(at.gateway.isActive).toBe(false)
    const { passage, done } = at.arrive()
    passage.answered(200)
    expect(done).toEqual(['forward', 'pass'])
    expect(at.recorded).toEqual([])
  })

  it('does nothing to requests that do not match', () => {
    const at = new FakeGateway().with(on(respond('before'), { device: 'ben' }))
    expect(at.gateway.isActive).toBe(true)
    expect(at.arrive().done).toEqual(['forward'])
  })

  it('does nothing to requests that arrived before the interception was added', () => {
    const at = new FakeGateway()
    const { passage, done } = at.arrive()
    at.with(on(respond('after')))
    passage.answered(200)
    expect(done).toEqual(['forward', 'pass'])
  })

  describe('responds', () => {
    it('before the server sees the request', () => {
      const at = new FakeGateway().with(on(respond('before')))
      expect(at.arrive().done).toEqual(['respond 503'])
      expect(at.recorded).toEqual([
        { requestId: 'r1', moment: 'before', act: 'respond', status: 503, body: 'empty' },
      ])
    })

    it('after the server has responded', () => {
      const at = new FakeGateway().with(on(respond('after', 502)))
      const { passage, done } = at.arrive()
      expect(done).toEqual(['forward'])
      passage.answered(200)
      expect(done).toEqual(['forward', 'respond 502'])
      expect(at.recorded).toEqual([
        { requestId: 'r1', moment: 'after', act: 'respond', status: 502, body: 'empty' },
      ])
    })
  })

  describe('resets', () => {
    it.each<[Moment, string[]]>([
      ['before', ['reset']],
      ['after', ['forward', 'reset']],
    ])('%s the server has acted', (moment, expected) => {
      const at = new FakeGateway().with(on({ type: 'reset', moment }))
      const { passage, done } = at.arrive()
      if (moment === 'after') passage.answered(200)
      expect(done).toEqual(expected)
      expect(at.recorded).toEqual([{ requestId: 'r1', moment, act: 'reset' }])
    })
  })

  describe('delays', () => {
    it('a request', async () => {
      const at = new FakeGateway().with(on(delay('before', 300)))
      const { passage, done } = at.arrive()
      expect(done).toEqual([])
      await at.until(300)
      passage.answered(200)
      expect(done).toEqual(['forward at 300', 'pass at 300'])
      expect(at.recorded).toEqual([{ requestId: 'r1', moment: 'before', act: 'delay', ms: 300 }])
    })

    it('a response, by the sum of all delays', async () => {
      const at = new FakeGateway().with(on(delay('after', 300)), on(delay('after', 200)))
      const { passage, done } = at.arrive()
      passage.answered(200)
      await at.until(1000)
      expect(done).toEqual(['forward', 'pass at 500'])
    })

    it('no longer than until its removal, unless another one delays too', async () => {
      const at = new FakeGateway().with(on(delay('after', 300)), on(delay('after', 200)))
      const { passage, done } = at.arrive()
      passage.answered(200)
      await at.until(100)
      at.gateway.remove('a')
      expect(done).toEqual(['forward'])
      at.gateway.remove('b')
      expect(done).toEqual(['forward', 'pass at 100'])
      await at.until(1000)
      expect(done).toEqual(['forward', 'pass at 100'])
    })

    it('and then responds', async () => {
      const at = new FakeGateway().with(on(delay('before', 300)), on(respond('before')))
      const { done } = at.arrive()
      await at.until(300)
      expect(done).toEqual(['respond 503 at 300'])
      expect(at.recorded).toMatchObject([{ act: 'delay' }, { act: 'respond' }])
    })
  })

  describe('loses a response', () => {
    it('and breaks the connection when it is removed', () => {
      const at = new FakeGateway().with(on(lose()))
      const { passage, done } = at.arrive()
      passage.answered(200)
      expect(done).toEqual(['forward'])
      at.gateway.remove('a')
      expect(done).toEqual(['forward', 'reset'])
      expect(at.recorded).toEqual([{ requestId: 'r1', moment: 'after', act: 'lose-response' }])
    })

    it('and breaks the connection after a while, once', async () => {
      const at = new FakeGateway().with(on(lose(1000)))
      const { passage, done } = at.arrive()
      passage.answered(200)
      await at.until(1000)
      at.gateway.remove('a')
      expect(done).toEqual(['forward', 'reset at 1000'])
      const other = new FakeGateway().with(on(lose(1000)))
      const early = other.arrive()
      early.passage.answered(200)
      other.gateway.remove('a')
      await other.until(2000)
      expect(early.done, 'removed before').toEqual(['forward', 'reset'])
    })

    it('and leaves a connection alone that the device has closed', async () => {
      const at = new FakeGateway().with(on(lose(1000)))
      const { passage, done } = at.arrive()
      passage.answered(200)
      passage.closed()
      await at.until(2000)
      at.gateway.remove('a')
      expect(done).toEqual(['forward'])
    })

    it('rather than replacing it or resetting the connection', () => {
      const at = new FakeGateway().with(on(respond('after')), on(lose()))
      const { passage, done } = at.arrive()
      passage.answered(200)
      expect(done).toEqual(['forward'])
    })
  })

  describe('kills', () => {
    it('the server when the request arrives: nobody gets it', async () => {
      const at = new FakeGateway().with(on(kill('before', 'server', 'w1')))
      const { done } = at.arrive()
      await at.until(0)
      expect(at.killed).toEqual(['server in w1'])
      expect(done).toEqual(['reset'])
      expect(at.recorded).toEqual([
        { requestId: 'r1', moment: 'before', act: 'kill', victim: 'server' },
      ])
    })

    it('the server when it is about to respond, also if the device has given up', async () => {
      for (const hasGivenUp of [false, true]) {
        const at = new FakeGateway().with(on(kill('after', 'server')))
        const { passage, done } = at.arrive()
        if (hasGivenUp) passage.closed()
        passage.answered(200)
        await at.until(0)
        expect(at.killed).toEqual(['server'])
        expect(done).toEqual(hasGivenUp ? ['forward'] : ['forward', 'reset'])
      }
    })

    it('the device when its request has arrived: the request is on its way', async () => {
      const at = new FakeGateway().with(on(kill('before', 'ana')))
      const { done } = at.arrive()
      await at.until(0)
      expect(at.killed).toEqual(['ana'])
      expect(done).toEqual(['forward'])
    })

    it('the device before it gets the response', async () => {
      const at = new FakeGateway().with(on(kill('after', 'ana')))
      const { passage, done } = at.arrive()
      passage.answered(200)
      await at.until(0)
      expect(done).toEqual(['forward', 'reset'])
    })

    it('a node, and knows that until the interception is removed', async () => {
      const at = new FakeGateway().with(on(kill('before', 'ana')), on(kill('before', 'server')))
      expect(at.gateway.hasKilled('ana')).toBe(false)
      at.arrive()
      await at.until(0)
      expect(at.gateway.hasKilled('ana')).toBe(true)
      expect(at.gateway.hasKilled('server')).toBe(false)
      at.gateway.remove('a')
      expect(at.gateway.hasKilled('ana')).toBe(false)
    })

    it('once, however many requests match', async () => {
      const at = new FakeGateway().with(on(kill('before', 'server')))
      at.arrive()
      await at.until(0)
      expect(at.arrive().done).toEqual(['forward'])
      expect(at.killed).toEqual(['server'])
    })

    it('after the delay, and then does not respond', async () => {
      const at = new FakeGateway().with(
        on(delay('before', 300)),
        on(kill('before', 'server')),
        on(respond('before')),
      )
      const { done } = at.arrive()
      expect(at.killed).toEqual([])
      await at.until(400)
      expect(at.killed).toEqual(['server'])
      expect(done).toEqual(['reset at 300'])
    })
  })

  describe('a device that closes its connection', () => {
    it('during the delay of its request cannot call it back', async () => {
      const at = new FakeGateway().with(on(delay('before', 300)))
      const { passage, done } = at.arrive()
      passage.closed()
      await at.until(300)
      expect(done).toEqual(['forward at 300'])
    })

    it('during the delay of the response gets nothing', async () => {
      const at = new FakeGateway().with(on(delay('after', 300)))
      const { passage, done } = at.arrive()
      passage.answered(200)
      passage.closed()
      await at.until(300)
      expect(done).toEqual(['forward'])
    })

    it('before the server responds is not recorded as delayed or lost', () => {
      const at = new FakeGateway().with(on(delay('after', 300)), on(lose()))
      const { passage } = at.arrive()
      passage.closed()
      passage.answered(200)
      expect(at.recorded).toEqual([])
    })
  })

  it('acts on the nth matching request only', () => {
    const at = new FakeGateway().with(on(respond('before'), { method: 'POST', nth: 2 }))
    const done = ['POST', 'GET', 'POST', 'POST'].map((method) => at.arrive({ method }).done)
    expect(done).toEqual([['forward'], ['forward'], ['respond 503'], ['forward']])
  })

  it('no longer acts on a request under way once the interception is removed', () => {
    const at = new FakeGateway().with(on(lose()), on(respond('after')))
    const { passage, done } = at.arrive()
    at.gateway.remove('a')
    at.gateway.remove('b')
    passage.answered(200)
    expect(done).toEqual(['forward', 'pass'])
    expect(at.recorded).toEqual([])
  })

  it('records nothing about a request that has no id in the history', () => {
    const at = new FakeGateway().with(on(respond('before')))
    expect(at.arrive({ requestId: undefined }).done).toEqual(['respond 503'])
    expect(at.recorded).toEqual([])
  })

  describe('until a request succeeds', () => {
    const signedOut = (): FakeGateway =>
      new FakeGateway().with({
        ...on(respond('before', 401)),
        until: { method: 'POST', path: '/login' },
      })

    it('lets that request through, and ends for its device alone', () => {
      const at = signedOut()
      expect(at.arrive().done).toEqual(['respond 401'])
      const login = at.arrive({ path: '/login' })
      login.passage.answered(200)
      expect(login.done).toEqual(['forward', 'pass'])
      expect(at.arrive().done).toEqual(['forward'])
      expect(at.arrive({ device: 'ben' }).done).toEqual(['respond 401'])
    })

    it.each([401, 302, 500])('does not end after the answer %i', (status) => {
      const at = signedOut()
      at.arrive({ path: '/login' }).passage.answered(status)
      expect(at.arrive().done).toEqual(['respond 401'])
    })

    it('does not end if the device has closed the connection before the answer', () => {
      const at = signedOut()
      const { passage } = at.arrive({ path: '/login' })
      passage.closed()
      passage.answered(200)
      expect(at.arrive().done).toEqual(['respond 401'])
    })
  })
})
