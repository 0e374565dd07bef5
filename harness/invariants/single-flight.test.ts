import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import singleFlight from './single-flight.ts'

const open = () =>
  tinyHistory()
    .create('ana-1', 'm1', 'Hi')
    .accept('ana-1')
    .request('ana', 'r1', ['ana-1'])
    .as('first')
const endless = () =>
  tinyHistory()
    .create('ana-1', 'm1')
    .request('ana', 'r1', ['ana-1'], { deadline: undefined })
    .as('request')

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

  it('passes a request without a deadline that did not hang', () => {
    expect(endless().response('ana', 'r1').heal().findings(singleFlight)).toEqual([])
    expect(endless().at(600_000).response('ana', 'r1', 'aborted').findings(singleFlight)).toEqual(
      [],
    )
    expect(endless().crash('ana').at(900_000).start('ana').heal().findings(singleFlight)).toEqual(
      [],
    )
    const late = tinyHistory()
      .create('ana-1', 'm1')
      .phase('settle')
      .request('ana', 'r1', ['ana-1'], { deadline: undefined })
      .phase('read')
    expect(late.findings(singleFlight)).toEqual([])
  })

  it('reports a request without a deadline that hung', () => {
    const through = endless().heal()
    expect(through.findings(singleFlight)[0]?.message).toBe(
      "a request that ana's app sent without a deadline at 200 ms was still under way after 20.2 s",
    )
    const long = endless().at(700_000).response('ana', 'r1').as('answer')
    expect(long.findings(singleFlight)).toEqual([
      {
        message: "a request that ana's app sent without a deadline at 200 ms hung for 11 m 40 s",
        opIds: ['ana-1'],
        evidence: [long.seq('request'), long.seq('answer')],
      },
    ])
  })
})
