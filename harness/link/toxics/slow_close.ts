import { attribute, defineToxic } from '../toxic.ts'

/** Holds back the closing of its own direction by `delay`. An update starts the wait anew. */
export default defineToxic({
  type: 'slow_close',
  attributes: { delay: attribute('ms') },
  join: () => ({
    start: (pipe) => ({
      chunk: (chunk, at) => pipe.write(chunk, at),
      end: () => pipe.hold(pipe.attributes.delay, () => pipe.close()),
    }),
  }),
})
