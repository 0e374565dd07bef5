import type { EventBody } from '../../core/event.ts'
import { History } from '../../core/history.ts'
import { historyHead } from '../../core/history-head.ts'
import type { Setting, Stage, World } from '../../core/world.ts'

/** A stage on which nothing happens but that the calls made to it are written down. */
export function fakeStage(setting: Setting, log: string[], strain = 0): Stage {
  const events: EventBody[] = []
  let now = 0
  const say = (text: string) => {
    log.push(text)
  }
  return {
    now: () => now,
    until: async (instant) => {
      now = Math.max(now, instant)
    },
    device: (name) => ({
      start: async () => say(`${name} start`),
      kill: async () => say(`${name} kill`),
      perform: (action) => say(`${name} ${action.op}`),
      view: async () => say(`${name} view`),
      set: (state) => say(`${name} ${JSON.stringify(state)}`),
    }),
    server: {
      start: async () => say('server start'),
      kill: async () => say('server kill'),
      crashAt: (point) => say(`server crash ${point}`),
      dump: async () => say('server dump'),
    },
    link: (device) => ({
      addToxic: async (name, { type, stream }) => say(`${device} +${type} ${stream} ${name}`),
      removeToxic: async (name) => say(`${device} -${name}`),
      breakConnections: async () => say(`${device} link broken`),
      enable: async (enabled) => say(`${device} link ${enabled ? 'up' : 'down'}`),
    }),
    emit: (body) => {
      events.push(body)
    },
    history: async () => {
      const stamped = events.map((body, seq) => ({ ...body, seq, t: now, node: 'harness' }))
      return new History(historyHead(setting, 'fake'), stamped)
    },
    strain: () => strain,
    close: async () => say('close'),
  }
}

/** A world of fake stages, one after another under the given strains; the last one goes on for ever. */
export function fakeWorld(log: string[], strains: readonly number[] = [0]): World {
  let opened = 0
  return {
    name: 'fake',
    about: 'nothing happens',
    concurrency: 1,
    open: async (setting) => {
      log.push(`open at ${setting.timeScale}`)
      return fakeStage(setting, log, strains[Math.min(opened++, strains.length - 1)])
    },
    close: async () => {},
  }
}
