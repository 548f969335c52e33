import { type AppError, appError, isAppError } from '../errors.js'

interface KafkaError {
  readonly name: string
  readonly message: string
  /** the protocol's name of an error that a broker answered */
  readonly type?: string
  readonly cause?: unknown
  readonly originalError?: unknown
  /** of several topics that can't be made, each one's error */
  readonly errors?: readonly unknown[]
}

const isKafkaError = (error: unknown): error is KafkaError =>
  typeof error === 'object' && error !== null && String((error as KafkaError).name).startsWith('KafkaJS')

/** The error that lies under those which the library wrapped around it. */
const rootOf = (error: KafkaError): KafkaError => {
  const inner = error.cause ?? error.originalError ?? error.errors?.[0]
  return isKafkaError(inner) && inner !== error ? rootOf(inner) : error
}

/** Another producer of the same transactional id has begun, or the broker gave the transaction up. */
const fencing = ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_TXN_STATE', 'INVALID_PRODUCER_ID_MAPPING']

/** A listener that asks for no credentials, or knows other mechanisms: it will not do so later. */
const withoutSasl = ['ILLEGAL_SASL_STATE', 'UNSUPPORTED_SASL_MECHANISM']

/** What kafkajs throws, as an AppError; undefined for what is no failure of Kafka. */
export const translateError = (error: unknown, brokers: readonly string[]): AppError | undefined => {
  if (isAppError(error)) return error
  if (!isKafkaError(error)) return undefined
  const { name, type = '', message } = rootOf(error)
  if (fencing.includes(type)) return appError('FENCED', `another publisher has taken over (${type})`)
  if (name === 'KafkaJSSASLAuthenticationError') {
    return appError('BAD_USAGE', `Kafka refuses KAFKA_SASL_USERNAME with this password: ${message}`)
  }
  if (withoutSasl.includes(type)) {
    return appError('BAD_USAGE', `Kafka takes no credentials of KAFKA_SASL_MECHANISM at this port: ${message}`)
  }
  if (type.endsWith('AUTHORIZATION_FAILED'))
    return appError('BAD_USAGE', `Kafka denies a right that is needed: ${message}`)
  if (type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE') {
    return appError(
      'WRONG_TOPIC',
      `Kafka refuses a message that its topic's max.message.bytes allowed before: ${message}`,
    )
  }
  return appError('SERVER_UNREACHABLE', `Kafka at ${brokers.join(',')} does not serve: ${message}`, {
    brokers: brokers.join(','),
  })
}

/** Does the work; what kafkajs throws comes out as an AppError. */
export const translated = async <A>(brokers: readonly string[], work: () => Promise<A>): Promise<A> => {
  try {
    return await work()
  } catch (error) {
    throw translateError(error, brokers) ?? error
  }
}
