import { describe, expect, it } from 'vitest'
import { isWrite } from '../core/operation.ts'
import { isAction, isFault, type Scenario } from '../core/scenario.ts'
import { FULL, MINIMAL } from './capabilities.ts'
import { BODIES, STATUSES } from './random-http-faults.ts'
import { randomStory } from './random-story.ts'

const stories = Array.from({ length: 200 }, (_, number) => randomStory(number, FULL))
const actionsOf = ({ steps }: Scenario) => steps.filter(isAction).map(({ action }) => action)
const faultsOf = ({ steps }: Scenario) => steps.filter(isFault).map(({ fault }) => fault)

describe('a random story', () => {
  it('is the same for the same number', () => {
    expect(randomStory(7, FULL)).toEqual(randomStory(7, FULL))
    expect(randomStory(7, FULL)).not.toEqual(randomStory(8, FULL))
  })

  it('has at least one action, and no operation twice', () => {
    for (const story of stories) {
      const opIds = actionsOf(story).map(({ opId }) => opId)
      expect(opIds.length).toBeGreaterThan(0)
      expect(new Set(opIds).size).toBe(opIds.length)
    }
  })

  it('uses only what the client can do', () => {
    const modest = {
      ...MINIMAL,
      collections: ['notes'],
      update: false,
      delete: false,
      cancel: false,
    }
    for (let number = 0; number < 100; number++) {
      const actions = actionsOf(randomStory(number, modest))
      expect(new Set(actions.map(({ type }) => type))).toEqual(new Set(['create']))
      expect(actions.every((action) => isWrite(action) && action.collection === 'notes')).toBe(true)
    }
  })

  it('covers every kind of action and fault within some hundred numbers', () => {
    const types = new Set(stories.flatMap(actionsOf).map(({ type }) => type))
    expect([...types].sort()).toEqual(['cancel', 'create', 'delete', 'update'])
    const faults = new Set(stories.flatMap(faultsOf).map(({ name }) => name))
    expect([...faults].sort()).toEqual([
      'acks-lost',
      'bandwidth',
      'clock-skew',
      'device-crash',
      'doze',
      'flaky',
      'http-delay',
      'http-reset',
      'http-response',
      'killed',
      'latency',
      'lie-fi',
      'limit-data',
      'lost-ack',
      'month',
      'one-way',
      'partition',
      'reset',
      'server-crash',
      'server-crash-http',
      'server-down',
      'signed-out',
      'tunnel',
      'wifi-to-mobile',
    ])
  })

  it('replaces responses before and after the server, with every status and body', () => {
    const effects = Array.from({ length: 1500 }, (_, number) => randomStory(number, FULL))
      .flatMap(faultsOf)
      .flatMap(({ effects }) => effects)
      .filter(({ effect }) => effect === 'http-response')
    const values = (name: string) => new Set(effects.map((effect) => effect[name]))
    expect(values('status')).toEqual(new Set([...STATUSES, 401]))
    expect(values('moment')).toEqual(new Set(['before', 'after']))
    expect(values('body')).toEqual(new Set(BODIES))
    expect(values('marked')).toEqual(new Set([true, false, undefined]))
    expect(effects.some(({ retryAfter }) => Number(retryAfter) > 0)).toBe(true)
    expect(effects.some(({ until }) => until !== undefined)).toBe(true)
  })
})
