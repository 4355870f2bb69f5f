#include "services/notification/channels/mail_channel.h"

namespace escalon::notification {

MailChannel::MailChannel(http::Client& client, Options options)
    : client_(client), options_(std::move(options)), domain_(options_.from.substr(options_.from.find('@') + 1)) {}

void MailChannel::Send(Message message, Done done) {
  http::Mail mail;
  mail.from = options_.from;
  mail.from_name = options_.from_name;
  mail.to = {message.address};
  mail.subject = std::move(message.subject);
  mail.text = std::move(message.text);
  mail.message_id = message.id + "@" + domain_;
  mail.headers = {{"Auto-Submitted", "auto-generated"}};
  if (!message.case_id.empty()) mail.headers.emplace_back("X-Escalon-Case", message.case_id.ToString());
  if (message.purpose == IntentPurpose::kPage) mail.headers.emplace_back("Importance", "high");
  client_.SendMail(std::move(mail), options_.relay, [done = std::move(done)](Status sent) mutable {
    if (sent.ok()) return done({});
    SendResult out;
    const bool for_good = sent.error().code == ErrorCode::kInvalidArgument;
    out.kind = for_good ? SendResult::Kind::kPermanent : SendResult::Kind::kRetry;
    out.reason = sent.error().message;
    out.retry_after_ms = sent.error().retry_after_ms;
    out.sink_in_trouble = !for_good && sent.error().code != ErrorCode::kResourceExhausted;
    done(std::move(out));
  });
}

}  // namespace escalon::notification
