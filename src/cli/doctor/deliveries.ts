import type { Config } from '../../config.ts';
import { InvalidWebhookSecret, webhookKey } from '../../alerts/webhook-channel.ts';
import type { Dossier } from '../../dossier/dossier.ts';
import type { ChannelBacklog } from '../../store/deliveries.ts';
import { counted, durationText } from '../words.ts';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';

/** What is due is sent within seconds. */
const DUE_MS_MAX = 2 * 60_000;

function ofChannel(
  { channel, due, dueSince, failing }: ChannelBacklog,
  now: Date,
  isSent: boolean,
): Finding[] {
  const findings: Finding[] = [];
  const lateMs = dueSince === null ? 0 : now.getTime() - dueSince.getTime();
  if (lateMs > DUE_MS_MAX) {
    const how = channel === 'webhook' ? ' and SHUTTLEWATCH_WEBHOOK_URL and _SECRET set' : '';
    findings.push(
      warn(
        'deliveries',
        `${counted(due, 'alert')} due on ${channel}, the first for ${durationText(lateMs)}`,
        isSent
          ? `Either no process that delivers has the channel ${channel} (start one with the role deliver${how}), or its queue is in trouble: "shuttlewatch queues".`
          : `Nobody delivers: start "shuttlewatch up", or work with the role deliver${how}.`,
      ),
    );
  }
  if (failing > 0) {
    findings.push(
      warn(
        'deliveries',
        `${counted(failing, 'alert')} could not be sent on ${channel} and ${failing === 1 ? 'is' : 'are'} tried again`,
        '"shuttlewatch alerts --raised" gives the reasons.',
      ),
    );
  }
  return findings;
}

/** Whether alerts go out. */
export function deliveryFindings(backlog: readonly ChannelBacklog[], now: Date, isSent: boolean): Finding[] {
  const findings = backlog.flatMap((channel) => ofChannel(channel, now, isSent));
  if (findings.length > 0) return findings;
  const open = backlog.reduce((sum, channel) => sum + channel.open, 0);
  return [ok('deliveries', open === 0 ? 'nothing waits' : `${counted(open, 'alert')} on the way`)];
}

/** Whether the channels that rules speak on are set up here, and publishers can see who polls them. */
export function channelFindings(config: Config, dossier: Dossier | null): Finding[] {
  const { SHUTTLEWATCH_WEBHOOK_URL: url, SHUTTLEWATCH_WEBHOOK_SECRET: secret } = config;
  const findings: Finding[] = [];
  const wanting = dossier?.rules.filter(({ channels }) => channels.includes('webhook')) ?? [];
  if (url !== null && secret !== null) findings.push(webhook(url, secret));
  else if (wanting.length > 0) {
    findings.push(
      warn(
        'webhook',
        `${counted(wanting.length, 'rule')} of the dossier ${wanting.length === 1 ? 'speaks' : 'speak'} on it, and it is not set up here`,
        'Set SHUTTLEWATCH_WEBHOOK_URL and SHUTTLEWATCH_WEBHOOK_SECRET where a process delivers.',
      ),
    );
  }
  if (config.SHUTTLEWATCH_CONTACT === null) {
    findings.push(
      warn(
        'contact',
        'publishers cannot see who polls them, and some will refuse',
        'Set SHUTTLEWATCH_CONTACT to a page or mail address of yours.',
      ),
    );
  }
  return findings;
}

function webhook(url: string, secret: string): Finding {
  try {
    webhookKey(secret);
    return ok('webhook', `to ${new URL(url).host}, signed`);
  } catch (error) {
    if (!(error instanceof InvalidWebhookSecret)) throw error;
    return fail(
      'webhook',
      `SHUTTLEWATCH_WEBHOOK_SECRET cannot be used: ${error.message}`,
      'Make one with: echo "whsec_$(openssl rand -base64 32)"',
    );
  }
}
