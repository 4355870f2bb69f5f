#include "common/icalendar/writer.h"

#include <cstdlib>
#include <memory>

#include "common/core/digest.h"
#include "common/domain/zone.h"
#include "common/icalendar/ical_handles.h"

namespace escalon::icalendar {
namespace {

icaltimetype UtcOf(InstantMs at) {
  icaltimetype time = IcalOf(WallOf(Zone().LocalAt(at)), false);
  time.zone = icaltimezone_get_utc_timezone();
  return time;
}

icalproperty* X(const char* name, const std::string& value) {
  icalproperty* property = icalproperty_new_x(value.c_str());
  icalproperty_set_x_name(property, name);
  return property;
}

std::string IdOf(const Shift& shift) {
  const std::string key = shift.schedule + '\n' + shift.person + '\n' + std::to_string(shift.from);
  return ToHex(AsView(Sha256Of(key))).substr(0, 32) + "@escalon";
}

}  // namespace

std::string WriteShifts(const std::vector<Shift>& shifts, const std::string& calendar_name, InstantMs stamp) {
  const Component calendar(icalcomponent_new_vcalendar());
  icalcomponent_add_property(calendar.get(), icalproperty_new_version("2.0"));
  icalcomponent_add_property(calendar.get(), icalproperty_new_prodid("-//Escalon//Roster//EN"));
  icalcomponent_add_property(calendar.get(), X("X-WR-CALNAME", calendar_name));
  for (const Shift& shift : shifts) {
    icalcomponent* event = icalcomponent_new_vevent();
    icalcomponent_add_property(event, icalproperty_new_uid(IdOf(shift).c_str()));
    icalcomponent_add_property(event, icalproperty_new_dtstamp(UtcOf(stamp)));
    icalcomponent_add_property(event, icalproperty_new_dtstart(UtcOf(shift.from)));
    icalcomponent_add_property(event, icalproperty_new_dtend(UtcOf(shift.to)));
    const std::string& name = shift.name.empty() ? shift.person : shift.name;
    icalcomponent_add_property(event, icalproperty_new_summary((name + " on call: " + shift.schedule).c_str()));
    icalcomponent_add_property(event, X("X-ESCALON-PERSON", shift.person));
    icalcomponent_add_property(event, X("X-ESCALON-SCHEDULE", shift.schedule));
    icalcomponent_add_component(calendar.get(), event);
  }
  const std::unique_ptr<char, decltype(&std::free)> text(icalcomponent_as_ical_string_r(calendar.get()), &std::free);
  return text == nullptr ? std::string() : std::string(text.get());
}

}  // namespace escalon::icalendar
