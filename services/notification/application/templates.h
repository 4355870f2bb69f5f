#pragma once

#include <span>
#include <string_view>

namespace escalon::notification {

/// The words of one message in one language: ICU MessageFormat patterns over named arguments, all of them text. An
/// argument that is not known is `none`, so `{due, select, none {} other {Act by {due}.}}` leaves a line out.
///
/// Arguments: case, title, priority, state, level, team, owner, service, ref, due, update, eta, why, link, confirm,
/// reject, rate, view, count (of a bundle), list (of a bundle), children (how many cases rest under it), lead (the
/// message's own text; in `details` only).
///
/// Names: a message's (`requester-opened`), or the event that it is about (`opened`), each also with `.channel` behind
/// it, which wins; `other` and `requester-other` for messages without an own one; `details` and `requester-details` are
/// what goes below the lead; `bundle` is for several in one.
struct Template {
  std::string_view name;
  std::string_view subject;
  std::string_view text;
};

struct TemplateSet {
  std::string_view language;  ///< BCP 47
  std::span<const Template> templates;
};

/// Those that come with the service.
std::span<const TemplateSet> BuiltInTemplates();

namespace words {
extern const std::span<const Template> kEnglish;
extern const std::span<const Template> kGerman;
}  // namespace words

}  // namespace escalon::notification
