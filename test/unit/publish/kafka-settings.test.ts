import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { kafkaSettingsOf } from '../../../src/publish/kafka-settings.js'

const brokers = { KAFKA_BROKERS: 'a.example.org:9092, [::1]:9093' }

describe('what the environment says of Kafka', () => {
  it('is nothing without brokers', () => {
    expect(kafkaSettingsOf({})).toBeUndefined()
    expect(kafkaSettingsOf({ KAFKA_BROKERS: '' })).toBeUndefined()
  })

  it('has defaults', () => {
    expect(kafkaSettingsOf(brokers)).toEqual({
      ...{ brokers: ['a.example.org:9092', '[::1]:9093'], prefix: '' },
      ...{ partitions: 6, replicas: -1, maxMessageBytes: 8_388_608 },
    })
  })

  it('has TLS, credentials and sizes', () => {
    const sasl = { KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', KAFKA_SASL_USERNAME: 'ann', KAFKA_SASL_PASSWORD: 'secret' }
    const sizes = { KAFKA_PARTITIONS: '12', KAFKA_REPLICAS: '3', KAFKA_MAX_MESSAGE_BYTES: '1000000' }
    expect(
      kafkaSettingsOf({ ...brokers, ...sasl, ...sizes, KAFKA_TLS: 'true', KAFKA_TOPIC_PREFIX: 'x.' }),
    ).toMatchObject({
      ...{ tls: {}, sasl: { mechanism: 'scram-sha-512', username: 'ann', password: 'secret' }, prefix: 'x.' },
      ...{ partitions: 12, replicas: 3, maxMessageBytes: 1_000_000 },
    })
  })

  const noPem = fileURLToPath(import.meta.url)

  it.each([
    [{ KAFKA_BROKERS: 'a.example.org' }, 'KAFKA_BROKERS'],
    [{ KAFKA_BROKERS: 'a.example.org:99999' }, 'KAFKA_BROKERS'],
    [{ KAFKA_BROKERS: 'a.example.org:9092,,' }, 'KAFKA_BROKERS'],
    [{ KAFKA_TLS: 'yes' }, 'KAFKA_TLS'],
    [{ KAFKA_CA: '/nowhere/ca.pem' }, 'KAFKA_CA'],
    [{ KAFKA_CA: noPem }, 'KAFKA_CA'],
    [{ KAFKA_SASL_MECHANISM: 'oauthbearer', KAFKA_SASL_PASSWORD: 'secret' }, 'KAFKA_SASL_MECHANISM'],
    [{ KAFKA_SASL_USERNAME: 'ann', KAFKA_SASL_PASSWORD: 'secret' }, 'KAFKA_SASL_MECHANISM'],
    [{ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_PASSWORD: 'secret' }, 'KAFKA_SASL_USERNAME'],
    [{ KAFKA_TOPIC_PREFIX: 'a b' }, 'KAFKA_TOPIC_PREFIX'],
    [{ KAFKA_PARTITIONS: '0' }, 'KAFKA_PARTITIONS'],
    [{ KAFKA_REPLICAS: '-1' }, 'KAFKA_REPLICAS'],
    [{ KAFKA_MAX_MESSAGE_BYTES: '10k' }, 'KAFKA_MAX_MESSAGE_BYTES'],
  ])('%j is refused by name, without a password', (env, name) => {
    let failure: unknown
    try {
      kafkaSettingsOf({ ...brokers, ...env })
    } catch (error) {
      failure = error
    }
    expect(failure).toMatchObject({ code: 'BAD_USAGE', message: expect.stringContaining(name) })
    expect(JSON.stringify(failure)).not.toContain('secret')
  })
})
