import { attribute, defineToxic } from '../toxic.ts'

/** Delays the close of its own direction by `delay` ms. An update restarts the delay. */
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
