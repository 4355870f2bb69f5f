#include "common/calc/answer_form.h"

namespace escalon::calc {

Json AnswerForm::Instant(InstantMs at) const {
  if (at == kNever) return {};
  if (!zone_) return FormatInstant(at);
  std::string text = zone_->Format(at);
  if (text.back() == 'Z') text.replace(text.size() - 1, 1, "+00:00");
  return text;
}

Json AnswerForm::Span(InstantMs start, InstantMs end) const {
  Json out = Json::Object();
  out.Set("start", Instant(start)).Set("end", Instant(end));
  return out;
}

Json AnswerForm::Spans(const std::vector<Stretch>& stretches) const {
  Json out = Json::Array();
  for (const Stretch& stretch : stretches) out.items.push_back(Span(stretch.from, stretch.to));
  return out;
}

}  // namespace escalon::calc
