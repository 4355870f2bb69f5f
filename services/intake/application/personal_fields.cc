#include "services/intake/application/personal_fields.h"

#include <utility>

namespace escalon::intake {

wire::SealField PersonalFields::Sealing(std::string tenant) {
  return [this, tenant = std::move(tenant)](std::string_view subject, std::string_view field, std::string_view plain) {
    return sealer_.Seal(tenant, subject, plain, field);
  };
}

wire::OpenField PersonalFields::Opening(std::string tenant) {
  return [this, tenant = std::move(tenant)](std::string_view subject, std::string_view field, std::string_view sealed) {
    return sealer_.Open(tenant, subject, sealed, field);
  };
}

}  // namespace escalon::intake
