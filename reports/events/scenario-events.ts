import type { EventOf } from '../../harness/core/event.ts'
import { spanText } from '../../harness/core/time.ts'
import { prefixed } from '../words/text.ts'
import type { EventViews } from './event-view.ts'
import { oneLine } from './note.ts'

/** Events of the scenario: its phases, its faults, and their effects on phones and processes. */
export const scenarioEvents: EventViews<
  | 'phase'
  | 'fault'
  | 'connectivity'
  | 'doze'
  | 'clock'
  | 'start'
  | 'crash'
  | 'freeze'
  | 'error'
  | 'invalid'
  | 'bypass'
> = {
  phase: {
    describe: ({ phase }) => PHASE_TEXT[phase],
  },
  fault: {
    describe: ({ on, caption }) => (on ? caption : `over: ${caption}`),
  },
  connectivity: {
    describe: ({ online }) => `the phone says: ${networkText(online)}`,
    note: ({ online }) => oneLine('warn', `phone: ${networkText(online)}`),
  },
  doze: {
    describe: dozeText,
    note: (event) => oneLine('warn', dozeText(event)),
  },
  clock: {
    describe: clockText,
    note: (event) => oneLine('warn', clockText(event)),
  },
  start: {
    describe: startText,
    note: (event) =>
      event.incarnation === 1 ? undefined : oneLine('good', startText(event), 'play'),
  },
  crash: {
    describe: crashText,
    note: (event) => oneLine('bad', crashText(event), 'cross'),
  },
  freeze: {
    describe: freezeText,
    note: (event) => oneLine('bad', freezeText(event), 'cross'),
  },
  invalid: {
    describe: ({ what, received, expected }) =>
      `reports ${what} that is invalid: expected ${expected}, got ${received}`,
    note: ({ what }) => oneLine('bad', `invalid: ${what}`, 'failed'),
  },
  bypass: {
    describe: bypassText,
    note: (event) => oneLine('bad', bypassText(event), 'failed'),
  },
  error: {
    describe: ({ message }) => `lets an error escape: ${message}`,
    note: ({ message }) => oneLine('bad', message, 'failed'),
  },
}

const PHASE_TEXT: Readonly<Record<EventOf<'phase'>['phase'], string>> = {
  act: 'the story begins',
  heal: 'everything is healed',
  settle: 'the system comes to rest',
  read: 'every screen and the server are read',
  probe: 'what would unstick it is tried',
  end: 'the end',
}

function networkText(online: boolean): string {
  return online ? 'network is there' : 'no network'
}

function dozeText({ dozing }: EventOf<'doze'>): string {
  return dozing ? 'the phone dozes off' : 'the phone wakes up'
}

function clockText({ by }: EventOf<'clock'>): string {
  if (by === 0) return 'the clock is right again'
  return `the clock is ${spanText(Math.abs(by))} ${by > 0 ? 'ahead' : 'behind'}`
}

function startText({ incarnation }: EventOf<'start'>): string {
  return incarnation === 1 ? 'starts' : `starts again (life ${incarnation})`
}

function crashText({ by, message, frame }: EventOf<'crash'>): string {
  const place = prefixed(' at ', frame)
  if (by === 'harness') return 'is ended, since it hangs'
  return by === 'scenario' ? 'is killed' : `falls over${prefixed(': ', message)}${place}`
}

function freezeText({ doing, since, sign }: EventOf<'freeze'>): string {
  return `hangs in ${doing} from ${spanText(since)} on: ${sign}`
}

function bypassText({ global, frame, port }: EventOf<'bypass'>): string {
  return `uses ${global} at ${frame}, where ${port} belongs`
}
