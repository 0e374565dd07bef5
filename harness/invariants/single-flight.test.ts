import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import singleFlight from './single-flight.ts'

const open = () =>
  tinyHistory()
    .create('ana-1', 'm1', 'Hi')
    .accept('ana-1')
    .request('ana', 'r1', ['ana-1'])
    .as('first')
const endless = (deadline?: number) =>
  tinyHistory().create('ana-1', 'm1').request('ana', 'r1', ['ana-1'], { deadline }).as('request')

describe('SINGLE-FLIGHT', () => {
  it('judges nothing if nothing was sent', () => {
    expect(tinyHistory().create('ana-1', 'm1').check(singleFlight)).toEqual({
      judged: 0,
      findings: [],
    })
  })

  it('passes one attempt after the other, and a new attempt after a crash', () => {
    expect(
      open().response('ana', 'r1', 'timeout').request('ana', 'r2', ['ana-1']).check(singleFlight),
    ).toEqual({ judged: 1, findings: [] })
    expect(
      open().crash('ana').start('ana').request('ana', 'r2', ['ana-1']).findings(singleFlight),
    ).toEqual([])
  })

  it('reports two attempts in flight at the same time', () => {
    const history = open()
      .request('ana', 'r2', ['ana-1'])
      .as('second')
      .response('ana', 'r1')
      .as('answer')
    expect(history.findings(singleFlight)).toEqual([
      {
        message:
          "ana's message 'Hi' (ana-1) was sent again at 500 ms while the request sent at 400 ms was still under way",
        opIds: ['ana-1'],
        evidence: ['first', 'second', 'answer'].map((name) => history.seq(name)),
      },
    ])
  })

  it('passes two operations in flight at the same time', () => {
    expect(
      open().create('ana-2', 'm2').request('ana', 'r2', ['ana-2']).findings(singleFlight),
    ).toEqual([])
  })

  it('reports an attempt during an earlier one, though another completed in between', () => {
    const history = open()
      .crash('ana')
      .start('ana')
      .request('ana', 'r2', ['ana-1'])
      .as('long')
      .request('ana', 'r3', ['ana-1'])
      .response('ana', 'r3', 'timeout')
      .request('ana', 'r4', ['ana-1'])
    expect(history.findings(singleFlight)[0]?.evidence[0]).toBe(history.seq('long'))
  })

  describe('a request without a deadline, or with one beyond the declared recovery of 10 s', () => {
    it('passes if it completed in time', () => {
      for (const history of [endless(), endless(60_000)])
        expect(history.at(10_000).response('ana', 'r1').heal().findings(singleFlight)).toEqual([])
      expect(endless().crash('ana').at(900_000).start('ana').heal().findings(singleFlight)).toEqual(
        [],
      )
    })

    it('passes if it was sent shortly before the end', () => {
      const late = tinyHistory()
        .create('ana-1', 'm1')
        .heal()
        .request('ana', 'r1', ['ana-1'], { deadline: undefined })
        .view('ana', ['ana-1'])
        .state()
      expect(late.findings(singleFlight)).toEqual([])
    })

    it('passes if its deadline is within the recovery, even if it completes late', () => {
      expect(endless(10_000).at(60_000).response('ana', 'r1').findings(singleFlight)).toEqual([])
    })

    it('reports it if it is open at the end', () => {
      expect(endless().heal().findings(singleFlight)[0]?.message).toBe(
        "a request that ana's app sent without a deadline at 200 ms was still under way after 20.2 s; the app promises to recover within 10 s",
      )
    })

    it('reports it if it took longer', () => {
      const long = endless(3_600_000).at(30_200).response('ana', 'r1').as('answer')
      expect(long.findings(singleFlight)).toEqual([
        {
          message:
            "a request that ana's app sent with a deadline of 1 h at 200 ms hung for 30 s; the app promises to recover within 10 s",
          opIds: ['ana-1'],
          evidence: [long.seq('request'), long.seq('answer')],
        },
      ])
    })
  })
})
