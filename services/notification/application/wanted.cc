#include "services/notification/application/wanted.h"

#include <algorithm>

namespace escalon::notification {
namespace {

const OpenIntent* FindOpen(const Case& c, const Delivery& d) {
  const auto found = std::find_if(c.intents.begin(), c.intents.end(), [&d](const OpenIntent& open) {
    return open.version == d.origin->version && open.intent.index == d.intent->told.index;
  });
  return found == c.intents.end() ? nullptr : &*found;
}

std::string StandsSo(const Case& c, const NotifyIntended& told) {
  if (!IsOpen(c.state)) return "the case is " + std::string(Name(c.state));
  if (c.snoozed_until != 0) return "the case is snoozed";
  const std::string& by = told.track == Track::kFunctional ? c.acknowledged_by : c.management_acknowledged_by;
  if (told.purpose == IntentPurpose::kPage && !by.empty()) return "acknowledged by " + by;
  return "overtaken: the case has moved on";
}

}  // namespace

std::string WhyUnwanted(const Case& c, const Delivery& d) {
  const NotifyIntended& told = d.intent->told;
  if (!d.resent_by.empty()) return IsEnded(c.state) ? StandsSo(c, told) : std::string();
  const bool by_list = d.page() && !d.intent->complete;
  const OpenIntent* open = FindOpen(c, d);
  // A migration may have given the step that the page is about another number: the case knows it.
  const NotifyIntended& present = open != nullptr ? open->intent : told;
  const bool wanted = by_list ? open != nullptr : StillWanted(c, d.origin->version, present);
  return wanted ? std::string() : StandsSo(c, told);
}

void Complete(const Case& c, Delivery* d) {
  if (d->intent->complete) return;
  const OpenIntent* open = FindOpen(c, *d);
  if (open == nullptr) return;
  d->intent->told = open->intent;
  d->intent->complete = true;
}

}  // namespace escalon::notification
