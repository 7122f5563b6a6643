import type { Channel } from '../alerts/channel.ts';
import { consoleChannel } from '../alerts/console-channel.ts';
import { webhookChannel } from '../alerts/webhook-channel.ts';
import type { Config } from '../config.ts';
import type { HttpClient } from '../net/http.ts';

/** The channels that are set up, by name. Throws InvalidWebhookSecret when the secret cannot be used. */
export function channelsOf(
  config: Config,
  http: HttpClient,
  print: (text: string) => void,
): ReadonlyMap<string, Channel> {
  const { SHUTTLEWATCH_WEBHOOK_URL: url, SHUTTLEWATCH_WEBHOOK_SECRET: secret } = config;
  const channels = [consoleChannel(print)];
  if (url !== null && secret !== null) channels.push(webhookChannel({ url, secret, http }));
  return new Map(channels.map((channel) => [channel.name, channel]));
}
