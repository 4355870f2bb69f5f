#include "services/notification/application/templates.h"

#include <array>

namespace escalon::notification {

std::span<const TemplateSet> BuiltInTemplates() {
  static const std::array<TemplateSet, 2> sets{TemplateSet{"en", words::kEnglish}, TemplateSet{"de", words::kGerman}};
  return sets;
}

}  // namespace escalon::notification
