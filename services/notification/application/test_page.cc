#include "services/notification/application/test_page.h"

#include <algorithm>

#include "common/core/digest.h"
#include "common/core/random.h"
#include "services/notification/application/delivery.h"

namespace escalon::notification {

void TestPager::Send(const TestPage& page, std::function<void(Result<wire::DeliveryRecord>)> done) {
  const std::shared_ptr<const Roster> roster = rosters_.Of(page.tenant);
  const Person* person = roster->person(page.person);
  if (person == nullptr) return done(Error{ErrorCode::kNotFound, "no such person in the roster: " + page.person});
  const auto contact = std::find_if(
      person->contacts.begin(), person->contacts.end(),
      [&page](const ContactMethod& method) { return page.channel.empty() || method.channel == page.channel; });
  if (contact == person->contacts.end()) {
    return done(InvalidField("channel", page.channel.empty()
                                            ? page.person + " has no contact in the roster"
                                            : page.person + " has no contact of the channel " + page.channel));
  }
  Channel* channel = channels_.Find(contact->channel);
  if (channel == nullptr)
    return done(InvalidField("channel", "no provider is configured for the channel " + contact->channel));

  Message m;
  m.tenant = page.tenant;
  m.person = page.person;
  m.address = contact->address;
  m.purpose = IntentPurpose::kPage;
  m.name = "test_page";
  m.intended_at = clock_.WallMs();
  const Bytes16 random = RandomBytes16();
  m.id = "msg_" + ToHex({reinterpret_cast<const char*>(random.data()), random.size()});
  const std::string text = page.text.empty() ? "Escalon" : page.text;
  Letter letter;
  letter.message = m.name;
  letter.channel = contact->channel;
  letter.languages = person->languages;
  letter.text = text;
  Rendered words = renderer_.Render(letter);
  m.subject = std::move(words.subject);
  m.text = std::move(words.text);
  m.language = std::move(words.language);

  wire::DeliveryRecord record;
  record.tenant = page.tenant;
  record.person = page.person;
  record.channel = contact->channel;
  record.attempt = 1;
  record.purpose = m.purpose;
  record.message = m.name;
  record.intended_at = m.intended_at;
  record.resent_by = page.by;
  auto finish = [this, record, done = std::move(done)](const SendResult& result) mutable {
    const bool delivered = result.kind == SendResult::Kind::kDelivered;
    record.outcome = delivered ? wire::DeliveryOutcome::kDelivered : wire::DeliveryOutcome::kChannelFailed;
    record.reason = delivered ? std::string() : OneLine(result.reason);
    record.provider_ref = result.provider_ref;
    record.at = clock_.WallMs();
    recorder_.Append(-1, record, nullptr);
    done(record);
  };
  channel->Send(std::move(m), [this, finish = std::move(finish)](SendResult result) mutable {
    loop_.Post([finish = std::move(finish), result = std::move(result)]() mutable { finish(result); });
  });
}

}  // namespace escalon::notification
