import { describe, expect, it } from 'vitest'
import { sleep } from '../../harness/core/ports/clock.ts'
import type { HttpRequest } from '../../harness/core/ports/http.ts'
import { message, refresh } from '../../harness/testing/actions.ts'
import {
  delayResponse,
  json,
  type Network,
  PORTAL_PAGE,
  respond,
} from '../../harness/testing/network.ts'
import type { Phone } from '../../harness/testing/phone.ts'
import { pushesOf, setUp, setUpPhones } from './testing/setup.ts'

const expired = json(401, { error: 'token expired' })
const isRenewal = ({ path }: HttpRequest) => path === '/session'
const renewalsOf = (phone: Phone) => phone.requests.filter(isRenewal)
const tokensOf = (phone: Phone) => phone.requests.map(({ headers }) => headers?.authorization)

/** Answers 401 until POST /session has succeeded. `onRenewal` handles those requests. */
function signedOut(onRenewal: Network = (_request, forward) => forward()): Network {
  let isOver = false
  return async (request, forward) => {
    if (!isRenewal(request)) return isOver ? forward() : expired
    const response = await onRenewal(request, forward)
    isOver ||= response.status === 200 && response.body.includes('token')
    return response
  }
}

describe('after a 401', () => {
  it('renews the session once, and sends what was held with the token', async () => {
    const { clock, server, ana } = await setUpPhones()
    ana.network = signedOut()
    const { settled } = ana.perform(message('a'))
    ana.perform(refresh('r'))
    await clock.advance(5_000)
    expect(await settled).toEqual({ outcome: 'acked' })
    expect(await ana.screen()).toEqual(['a sent'])
    expect(renewalsOf(ana)).toMatchObject([{ method: 'POST', deadline: 15_000 }])
    const [first, second] = pushesOf(ana)
    expect(first?.headers?.authorization).toBeUndefined()
    expect(second?.headers?.authorization).toMatch(/^Bearer \w+$/)
    expect(second?.body).toBe(first?.body)
    ana.perform(message('b'))
    await clock.advance(40_000)
    expect(new Set(tokensOf(ana).slice(-3))).toEqual(new Set([second?.headers?.authorization]))
    expect(renewalsOf(ana)).toHaveLength(1)
    expect(server.commits()).toHaveLength(2)
  })

  it.each([
    ['during the renewal', 300],
    ['after the renewal', 900],
  ])('renews once, although a 401 to an earlier request comes %s', async (_, lateMs) => {
    const { clock, ana } = await setUpPhones()
    const renewing = signedOut(delayResponse(clock, 500))
    let isFirst = true
    ana.network = async (request, forward) => {
      const isLate = isFirst && request.method === 'GET'
      if (!isLate) return renewing(request, forward)
      isFirst = false
      await sleep(clock, lateMs)
      return expired
    }
    ana.perform(message('a'))
    ana.perform(refresh('r'))
    await clock.advance(20_000)
    expect(isFirst).toBe(false)
    expect(renewalsOf(ana)).toHaveLength(1)
    expect(await ana.screen()).toEqual(['a sent'])
  })

  it.each([
    ['503', respond(json(503, { error: 'busy' }))],
    ['a portal', respond(PORTAL_PAGE)],
    ['401', respond(expired)],
    ['a token that no header can carry', respond(json(200, { token: 'a\r\nb: c' }))],
  ] as [string, Network][])(
    'sends nothing but renewals, ever more seldom, while they fail with %s',
    async (_, network) => {
      const { clock, ana } = await setUpPhones()
      ana.network = signedOut(network)
      const opened = ana.requests.length
      ana.perform(message('a'))
      await clock.advance(600_000)
      const others = ana.requests.slice(opened).filter((request) => !isRenewal(request))
      expect(others).toHaveLength(1)
      expect(renewalsOf(ana).length).toBeGreaterThan(9)
      expect(renewalsOf(ana).length).toBeLessThan(50)
      expect(await ana.view()).toMatchObject({ pending: 1, failed: 0 })
      ana.network = signedOut()
      await clock.advance(62_000)
      expect(await ana.screen()).toEqual(['a sent'])
    },
  )

  it('obeys the Retry-After of a renewal', async () => {
    const { clock, ana } = await setUpPhones()
    ana.network = signedOut(respond(json(503, { error: 'busy' }, { 'retry-after': '90' })))
    ana.perform(message('a'))
    await clock.advance(1_000)
    ana.network = signedOut()
    ana.perform(refresh('r'))
    await clock.advance(85_000)
    expect(renewalsOf(ana)).toHaveLength(1)
    await clock.advance(10_000)
    expect(await ana.screen()).toEqual(['a sent'])
  })

  it('renews at once when the user asks for it', async () => {
    const { clock, ana } = await setUpPhones()
    ana.network = signedOut(respond(PORTAL_PAGE))
    ana.perform(message('a'))
    await clock.advance(600_000)
    ana.network = signedOut()
    ana.perform(refresh('r'))
    await clock.advance(100)
    expect(await ana.screen()).toEqual(['a sent'])
  })

  it('backs off if the new session is refused as well', async () => {
    const { clock, ana } = await setUpPhones()
    ana.network = (request, forward) => (isRenewal(request) ? forward() : expired)
    ana.perform(message('a'))
    await clock.advance(600_000)
    expect(ana.requests.length).toBeGreaterThan(20)
    expect(ana.requests.length).toBeLessThan(150)
    expect(await ana.screen()).toEqual(['a pending'])
  })

  it('goes on without a session if the server has none', async () => {
    const { clock, ana } = await setUpPhones()
    ana.network = (request) => (isRenewal(request) ? json(404, { error: 'no such path' }) : expired)
    ana.perform(message('a'))
    await clock.advance(60_000)
    ana.network = (request, forward) =>
      isRenewal(request) ? json(404, { error: 'no such path' }) : forward()
    await clock.advance(60_000)
    expect(await ana.screen()).toEqual(['a sent'])
  })

  it('keeps the outbox when the app is killed while it is signed out', async () => {
    const { clock, phone } = setUp()
    const ana = phone('ana')
    await ana.start()
    await clock.advance(1_000)
    ana.network = signedOut(respond(expired))
    ana.perform(message('a'))
    await clock.advance(30_000)
    await ana.restart()
    expect(await ana.screen()).toEqual(['a pending'])
    ana.network = signedOut()
    await clock.advance(61_000)
    expect(await ana.screen()).toEqual(['a sent'])
  })
})
