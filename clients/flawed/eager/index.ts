import { flawed } from '../wrap.ts'

/** Reports a message as delivered as soon as it is stored; mostly it arrives some day. */
export default flawed('eager', 'reports a message as delivered before it is sent', () => ({
  performed: (performed) => ({
    ...performed,
    settled: performed.saved.then(() => ({ outcome: 'acked' as const })),
  }),
}))
