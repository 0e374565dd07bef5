import { attribute, defineToxic } from '../toxic.ts'

/** Holds back the closing of its own direction by `delay`. An update starts the wait anew. */
export default defineToxic({
  type: 'slow_close',
  attributes: { delay: attribute('ms') },
  attach: () => ({
    start: (stub) => ({
      onChunk: (chunk, at) => stub.write(chunk, at),
      onEnd: () => stub.hold(stub.attributes.delay, () => stub.close()),
    }),
  }),
})
